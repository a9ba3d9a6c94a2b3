"""The nursery: makes processes that answer, over the connection whose number is its first argument.

With the word `borrow` behind it, these answer on connections that they are lent.
"""

import sys
from socket import socket

from kg.answering.borrowing import borrow
from kg.answering.nursing import nurse
from kg.answering.process import serve

if __name__ == "__main__":
    nurse(socket(fileno=int(sys.argv[1])), borrow if "borrow" in sys.argv[2:] else serve)
