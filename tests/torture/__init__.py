"""The books under load and under kill: many processes on the same few SKUs, some of them shot at any time.

* `verbs` are what people do all day; a `hand` is a process that does them, and notes in a `journal` what it asks
  for before and what came of it after.
* The `conductor` starts the hands and real workers, kills one every few seconds and now and then the server.
* When all is quiet the `verdict` asks the judge, the doctor and the sweep, and `accounts` compares the journals
  with the tables: every request has had its effect exactly once or was refused with a stated error.
"""
