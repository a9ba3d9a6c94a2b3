"""The nursery: makes processes that answer, over the connection whose number is its argument."""

import sys
from socket import AF_UNIX, SOCK_STREAM, socket

from kg.answering.nursing import nurse
from kg.answering.process import serve

if __name__ == "__main__":
    nurse(socket(AF_UNIX, SOCK_STREAM, fileno=int(sys.argv[1])), serve)
