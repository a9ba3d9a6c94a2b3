"""The service is killed while it writes: what it acknowledged is there, and nothing half."""

import random
import threading
import time
from pathlib import Path

import httpx2

from kg.history import FILE, History, projects, revisions
from kg.identifiers import private_iri, project_iri, public_iri
from kg.keeping.settling import graphs_of
from kg.stores.oxigraph import OxigraphStore, open_store
from tests.starting import BASE, started, stopped

KILLS = 10
CHANCE = random.Random(7)  # noqa: S311 - no secret
CLIENTS = 3
YAML = {"content-type": "application/yaml"}
MODEL = (
    "element: TrainedModel\nname: model-{0}\nrequired_memory: {0} MB\n"
    "model_description: This is what {0} says of itself.\n"
)


class Writers:
    """Clients that put as fast as they can, and remember what was acknowledged."""

    def __init__(self, address: str) -> None:
        self.acknowledged: dict[str, tuple[int, int]] = {}
        self._address = address
        self.begun = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(CLIENTS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        project = f"p{number}"
        with httpx2.Client(base_url=self._address, timeout=30) as client:
            try:
                for _ in range(10_000):
                    value = CHANCE.randrange(1, 1_000_000)
                    text = MODEL.format(value) + f"# {CHANCE.random()}\n"
                    sent = client.put(
                        f"/projects/{project}/descriptors/model", content=text, headers=YAML
                    )
                    assert sent.status_code == 201, sent.text
                    self.acknowledged[project] = (sent.json()["revision"], value)
                    self.begun.set()
                    if CHANCE.random() < 0.1:
                        private = CHANCE.random() < 0.5
                        client.put(f"/projects/{project}", json={"private": private})
            except httpx2.TransportError:
                return


def held(folder: Path) -> list[str]:
    """What is wrong with what the folder holds; the store opens, and so does the history."""
    history, store = History(folder / FILE), open_store(str(folder))
    assert isinstance(store, OxigraphStore)
    wrong: list[str] = []
    public: set[str] = set()
    with history.reading() as connection:
        for name in projects.ids(connection):
            one = projects.get(connection, name)
            if not one.revision:
                continue
            root = project_iri(BASE, name)
            graphs = graphs_of(revisions.graphs(connection, name, one.revision))
            stated = {graph: store.triples(graph) for graph in graphs}
            provenance = f"{root}/provenance"
            own = stated.pop(provenance, set())
            kept = graphs.pop(provenance, set())
            wrong += [name] * (stated != graphs) + [f"{name}'s provenance"] * (not kept <= own)
            number = f"<{root}/revisions/{one.revision}>"
            wrong += [f"{name}'s revision"] * (not any(number in line for line in own))
            private = private_iri(BASE, name)
            there = [one for one in store.names() if one.startswith(f"{root}/") and one != private]
            wrong += [f"{name}'s graphs"] * (not {*graphs, provenance} <= {*there})
            everything = set().union(*map(store.triples, there))
            if one.private:
                wrong += [f"{name} in private"] * (store.triples(private) != everything)
            else:
                public |= everything
    wrong += ["the public graph"] * (store.triples(public_iri(BASE)) != public)
    history.close()
    return wrong


def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    acknowledged: dict[str, tuple[int, int]] = {}
    for kill in range(KILLS):
        with started(folder) as (process, address):
            if kill == 0:
                for number in range(CLIENTS):
                    httpx2.put(f"{address}/projects/p{number}", json={}).raise_for_status()
            for project, (revision, _) in acknowledged.items():
                assert httpx2.get(f"{address}/projects/{project}").json()["revision"] >= revision
            writers = Writers(address)
            writers.start()
            assert writers.begun.wait(60)
            time.sleep(CHANCE.uniform(0, 0.5))
            process.kill()
            writers.wait()
            acknowledged |= writers.acknowledged
    assert acknowledged
    with started(folder) as (process, address):
        stopped(process)
    assert held(folder) == []
