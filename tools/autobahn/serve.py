"""The fuzzing server of the Autobahn test suite, on loopback. Python 2.7; started by ./run, which says what it prints."""

import json
import os
import site
import sys

libraries, reports = sys.argv[1:]
site.addsitedir(libraries)
sys.path.insert(0, libraries)

# What the suite prints itself goes to standard error.
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from autobahntestsuite.fuzzing import FuzzingServerFactory, FuzzingServerProtocol
from twisted.internet import protocol, reactor, stdio

TOLD = ("id", "behavior", "behaviorClose", "expectation", "result", "resultClose", "remoteCloseCode", "duration")


# Seconds for an answer that is due. The suite gives one, and takes a busy machine for a failure; no case passes by it.
PATIENCE = 60


def tell(line):
    out.write(json.dumps(line) + "\n")
    out.flush()


class Case(FuzzingServerProtocol):
    def killAfter(self, delay):
        FuzzingServerProtocol.killAfter(self, max(delay, PATIENCE))


class Server(FuzzingServerFactory):
    protocol = Case

    def logCase(self, results):
        FuzzingServerFactory.logCase(self, results)
        tell({name: results[name] for name in TOLD})


class Caller(protocol.Protocol):
    """Whoever started this; gone when standard input ends."""

    def connectionLost(self, reason):
        server.createReports()
        reactor.stop()


server = Server({"url": "ws://127.0.0.1:9001", "outdir": reports, "cases": ["*"], "exclude-cases": []})
port = reactor.listenTCP(0, server, interface="127.0.0.1").getHost().port
server.setSessionParameters(url="ws://127.0.0.1:%d" % port, server="AutobahnTestSuite")
stdio.StandardIO(Caller())
tell({"port": port, "cases": server.specCases})
reactor.run()
