"""Transport: a small protocol over SFTP, its paramiko and in-memory forms, and a bundled server.

`sftp.remote` says what a remote folder can do and how it fails; `sftp.paramiko_remote` does it over the network,
`sftp.memory` in memory with the same laws, and `sftp.server` is a server for the demo and the tests. Nothing outside
this package imports paramiko.
"""

import logging

# without a handler of its own, whatever paramiko says about a failure would go to standard error beside our exception
logging.getLogger("paramiko").addHandler(logging.NullHandler())
