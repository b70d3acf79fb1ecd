"""Which events a mail follows. A new kind is one line here, a composer, and two templates of its name in mails/.

An event of which nothing stands here is taken and has no mail.
"""

from collections.abc import Mapping

from app.accounts.telling import News
from app.catalog import barring
from app.notifications import accounts, decisions, money, orders
from app.notifications.composing import Composer
from app.notifications.wishes import digests, watching
from app.notifications.wishes import mails as wishes

TOPICS = ("orders", "accounts", "suppliers", "reviews", watching.TOPIC)

# (topic, kind in the event's payload) -> what composes
KINDS: Mapping[tuple[str, str], Composer] = {
    **{("orders", kind): composer for kind, composer in orders.COMPOSERS.items()},
    **{("orders", kind): money.compose for kind in money.SAYS},
    **{("accounts", news.value): accounts.compose for news in News},
    **{("suppliers", state): decisions.of_supplier for state in ("approved", "declined", "suspended")},
    **{("suppliers", kind): decisions.of_product for kind in (barring.PRODUCT_BARRED, barring.PRODUCT_LET_BACK)},
    ("reviews", "decided"): decisions.of_review,
    (watching.TOPIC, watching.BACK): wishes.back_in_stock,
    (watching.TOPIC, digests.DROPS): wishes.price_drops,
}
