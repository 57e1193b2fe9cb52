"""A long file of books is read by the cron, in lots that really commit; what was cut begins anew."""

PREPARE = """
import base64
head = "JournalCode|EcritureNum|EcritureDate|CompteNum|CompteLib|EcritureLib|Debit|Credit"
rows = [head] + [
    f"BQ|{n // 2 + 1}|20190315|{'512000' if n % 2 else '613200'}|Compte|Loyer|{'|1,00' if n % 2 else '1,00|'}"
    for n in range(25000)
]
books = env["pope.books"].create(
    {
        "file": base64.b64encode("\\n".join(rows).encode()),
        "file_name": "fec.txt",
        "date_from": "2019-01-01",
        "date_to": "2019-12-31",
    }
)
books.action_check()
env.cr.commit()
print(json.dumps([books.id, books.state]))
"""
# the cron stops after its first lot, as a killed process does
CUT = """
books = env["pope.books"].browse(%s)
type(books)._commit_lot = lambda record, count: record.env.cr.commit()
books._store(books._open_reader()[1], commits=True)
env.cr.commit()
print(json.dumps([books.state, books.handled_count]))
"""
RUN = """
env["pope.books"]._cron_check()
books = env["pope.books"].browse(%s)
count = env["pope.books.line"].search_count([("books_id", "=", books.id)])
print(json.dumps([books.state, books.line_count, count, books.problem_count]))
"""


def test_a_long_file_that_was_cut_is_read_whole_by_the_cron(database):
    number, state = database.script(PREPARE)
    assert state == "checking"
    assert database.script(CUT % number) == ["checking", 10000]
    assert database.script(RUN % number) == ["checked", 25000, 25000, 0]
