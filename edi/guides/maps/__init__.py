"""Guide maps: those of the pyx12 package and our own, read into nodes.

A map of ours lies in this folder in the XML form of pyx12's maps. It is made from a table of facts, which lies beside
it, by `python -m edi.guides.maps.facts`.
"""
