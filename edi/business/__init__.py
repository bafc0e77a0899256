"""What must be true between segments (SNIP 3 and 4) and of identifiers and codes (SNIP 5), declared once.

A declaration (`language`) says where something stands and what follows from it. `program` finds the places in a guide.
Two interpreters run the same program: `plain` in Python for the reference scanner, and the compiled scanner's kernel
on the tables that `compile` makes of it. Both give the same findings in the same order.
"""
