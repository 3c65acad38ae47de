"""A simulator of outlets: live blogs that change, captures of them, and an order in which captures are ingested.

`simulate(kind, seed)` returns a `History`. It is the truth for `credits_judge`: which post each capture printed, in
which minute, with which headline and body. Nothing here knows how an archive decides.
"""

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from harden.invented_words import Text, append_sentence, insert_words, mistype, replace_words

DAY = dt.date(2031, 4, 9)
KINDS = ("strong", "weak", "colliding", "none", "several", "swaps")
STRONG = ("long", "address", "own address")
WEAK = ("places", "places of page", "entry-n", "gaps", "own page", "one for all")
COLLIDING = ("post-n", "counter", "same long")


class Wording(Struct, frozen=True):
    """What a capture prints of a post; `minute` counts from the start of `DAY`."""

    minute: int
    headline: str
    body: str


class Printing(Struct, frozen=True):
    """One post on one capture: its number, the number of its version, its wording, and the id in the page's data."""

    post: int
    version: int
    wording: Wording
    id: str


class Blog(Struct, frozen=True):
    """A live blog. `url` may be empty; then outlet and title identify it."""

    number: int
    outlet: str
    title: str
    url: str
    date: dt.date
    newest_first: bool


class Capture(Struct, frozen=True):
    """A saved page: `taken` is the true minute, `captured` what the archive is told; `name` is its sha256."""

    name: str
    blog: Blog
    taken: int
    captured: str
    title: str
    url: str
    printings: tuple[Printing, ...]


class Post(Struct, eq=False):
    """A post. `edits[n]` names the changes that made version n + 1; `pattern` makes its text from a name, if set."""

    number: int
    blog: int
    versions: list[Wording]
    edits: list[frozenset[str]]
    born: int
    dies: int
    rank: float
    long_id: str
    pattern: Callable[[str], str] | None = None

    def edit_class(self, first: int, second: int) -> str:
        """Return the class of the difference between two versions."""
        if self.pattern:
            return "pattern"
        if any("rewrite" in kinds for kinds in self.edits[first:second]):
            return "rewritten"
        shortest = min(len(self.versions[version].body.split()) for version in (first, second))
        return "short" if shortest < 8 else "plain"


class History(Struct, frozen=True):
    """Captures in true order, and the order of ingesting: indices, some of which repeat.

    For branches, the first `base` captures of `sequence` are common, then come those of ours and of theirs.
    """

    kind: str
    seed: int
    posts: tuple[Post, ...]
    captures: tuple[Capture, ...]
    sequence: tuple[int, ...]
    base: int = 0
    ours: int = 0


class _LiveBlog:
    """A live blog that changes in steps."""

    def __init__(self, blog: Blog, scheme: str, event: "_Event") -> None:
        self.blog, self.scheme, self.event = blog, scheme, event
        self.rng, self.text = event.rng, event.text
        self.posts: list[Post] = []
        self.label = self.rng.choice(["Update", "Update", "Latest", "Live"])
        # Minutes follow the clock, or all posts share few minutes.
        self.is_running = self.rng.random() < (0.1 if event.kind == "none" else 0.3)
        self.spread = self.rng.choice([1, 1, 2, 5, 40])
        self.patterns = event.patterns if self.rng.random() < 0.8 else []
        self.births = sorted(self.rng.randint(0, 3) for _ in range(self.rng.randint(3, 10)))

    def step(self, number: int) -> None:
        """Let one step pass: edits, deletions, new posts."""
        for post in self.shown(number):
            if post.born < number and self.rng.random() < 0.25:
                self.edit(post)
                if self.rng.random() < 0.15:
                    self.edit(post)
        for _ in range(self.births.count(number)):
            self.add(number)
        shown = self.shown(number)
        if len(shown) > 1 and self.rng.random() < 0.08:
            one, other = self.rng.sample(shown, 2)
            one.rank, other.rank = other.rank, one.rank
        if self.event.kind == "swaps" and number and len(shown) > 1 and self.rng.random() < 0.6:
            self.swap_texts(*self.rng.sample(shown, 2))

    def add(self, step: int) -> None:
        rng, event = self.rng, self.event
        minute = event.start + (30 * step if self.is_running else 0) + rng.randint(0, self.spread - 1)
        headline = rng.choice(["", self.label, self.label, self.text.headline(), self.text.headline()])
        body, pattern = self.text.body(), None
        if self.patterns and rng.random() < 0.5:
            pattern = rng.choice(self.patterns)
            headline = rng.choice(["", self.label])
            body = pattern(event.next_name(self.blog.number))
        elif self.shown(step) and rng.random() < 0.006:  # word for word what another post says
            twin = rng.choice(self.shown(step)).versions[-1]
            headline, body = twin.headline, twin.body
            minute = twin.minute if rng.random() < 0.3 else minute
        elif event.agency and rng.random() < 0.3:
            wording = rng.choice(event.agency)
            if all(wording.body != version.body for post in self.posts for version in post.versions):
                minute = wording.minute + rng.choice([0, 0, 0, 0, 1, -1, 2])
                headline, body = rng.choice([wording.headline, headline]), wording.body
        wording = Wording(minute, headline, body)
        if event.is_shared and not pattern and rng.random() < 0.4:
            event.agency.append(wording)
        self.posts.append(
            Post(
                number=len(event.posts),
                blog=self.blog.number,
                versions=[wording],
                edits=[],
                born=step,
                dies=rng.choice([9] * 8 + [step + 1, step + 2]),
                rank=len(event.posts) if rng.random() < 0.8 else rng.uniform(0, len(event.posts)),
                long_id=f"{rng.getrandbits(48):012x}",
                pattern=pattern,
            )
        )
        event.posts.append(self.posts[-1])

    def edit(self, post: Post) -> None:
        """Make a new version of a post."""
        rng, text, old = self.rng, self.text, post.versions[-1]
        kinds = ("words", "two words", "append", "insert", "typo", "headline", "time", "rewrite")
        kind = rng.choices(kinds, (22, 6, 18, 6, 6, 14, 12, 12))[0]
        new = old
        if len(post.versions) > 1 and rng.random() < 0.2:
            kind = "revert"
        if post.pattern and rng.random() < 0.6:
            kind = "name"
            new = replace(old, body=post.pattern(self.event.next_name(self.blog.number)))
        match kind:
            case "words" | "two words":
                new = replace(old, body=replace_words(old.body, text, 1 if kind == "words" else 2))
            case "append":
                new = replace(old, body=append_sentence(old.body, text))
            case "insert":
                new = replace(old, body=insert_words(old.body, text))
            case "typo":
                new = replace(old, body=mistype(old.body, text))
            case "headline":
                heads = [self.label, "", text.headline(), mistype(old.headline or text.headline(), text)]
                new = replace(old, headline=rng.choice(heads))
            case "time":
                shift = rng.choice([1, 1, 2, 3, 5, 8, 10, rng.randint(11, 90)]) * rng.choice([-1, 1])
                if self.event.start > 1300 and rng.random() < 0.5:  # across midnight
                    shift = (1440 - old.minute) + rng.randint(0, 4) if old.minute < 1440 else -(old.minute - 1436)
                new = replace(old, minute=old.minute + shift)
            case "rewrite":
                headline = rng.choice([old.headline, old.headline, self.label, text.headline()])
                new = replace(old, body=text.body(), headline=headline)
            case "revert":
                new = rng.choice(post.versions)
        if new != old:
            post.versions.append(new)
            post.edits.append(frozenset([kind]))

    def swap_texts(self, one: Post, other: Post) -> None:
        """Let two posts exchange their texts."""
        first, second = one.versions[-1], other.versions[-1]
        for post, old, new in ((one, first, second), (other, second, first)):
            post.versions.append(replace(old, body=new.body, headline=new.headline))
            post.edits.append(frozenset(["rewrite"]))

    def shown(self, step: int) -> list[Post]:
        """Return the posts that the page shows, oldest first."""
        alive = [post for post in self.posts if post.born <= step < post.dies]
        return sorted(alive, key=lambda post: (post.versions[-1].minute, post.rank))

    def capture(self, step: int, taken: int) -> Capture | None:
        """Save the page, sometimes only its newest posts; return None if it is empty."""
        rng, event, blog = self.rng, self.event, self.blog
        posts = self.shown(step)
        if posts and rng.random() < 0.3:
            posts = posts[-rng.randint(1, len(posts)) :]
        if not posts:
            return None
        posts = posts[::-1] if blog.newest_first else posts
        printings = tuple(
            Printing(post.number, len(post.versions) - 1, post.versions[-1], id_)
            for post, id_ in zip(posts, self.ids(posts), strict=True)
        )
        moment = dt.datetime.combine(DAY, dt.time()) + dt.timedelta(minutes=taken)
        title = blog.title if rng.random() < 0.8 or not blog.url else self.text.headline()
        url = f"{blog.url}#latest" if blog.url and rng.random() < 0.1 else blog.url
        name = hashlib.sha256(repr((event.kind, event.seed, blog, taken, title, printings)).encode()).hexdigest()
        captured = moment.isoformat() + "Z" if rng.random() < event.dated else ""
        return Capture(name, blog, taken, captured, title, url, printings)

    def ids(self, posts: Sequence[Post]) -> list[str]:
        """Return the ids of a page's posts under the present scheme."""
        page = self.blog.url or "https://live.example/"
        count = len(posts)
        gaps = [0]
        for _ in posts:
            gaps.append(gaps[-1] + self.rng.choice([1, 1, 1, 2]))
        own = {post.number: index for index, post in enumerate(self.posts, start=1)}
        makers: dict[str, Callable[[int, Post], str]] = {
            "none": lambda _, __: "",
            "long": lambda _, post: f"b-{post.long_id}",
            "address": lambda _, post: f"https://{self.blog.outlet.lower()}.example/posts/{post.long_id}",
            "own address": lambda _, post: f"{page}#{post.long_id}",
            "places": lambda index, _: f"#{index + 1}",
            "places of page": lambda index, _: f"{page}#{index + 1}",
            "entry-n": lambda index, _: f"entry-{count - index if self.blog.newest_first else index + 1}",
            "gaps": lambda index, _: f"#{gaps[index + 1]}",
            "own page": lambda _, __: page,
            "one for all": lambda _, __: "update",
            "post-n": lambda _, post: f"post-{own[post.number]}",
            "counter": lambda _, post: str(4100 + 3 * own[post.number]),
            "same long": lambda _, post: f"live-blog-{2**40 + 977 * own[post.number]:x}",
        }
        return [makers[self.scheme](index, post) for index, post in enumerate(posts)]


class _Event:
    """What the live blogs of a history share: random numbers, words, patterns, and texts of agencies."""

    def __init__(self, kind: str, seed: int) -> None:
        self.kind, self.seed = kind, seed
        self.rng = rng = random.Random(f"{kind} {seed}")
        self.text = Text(rng, narrow=rng.random() < 0.35)
        is_late = rng.random() < (0.45 if kind == "several" else 0.25)
        self.start = rng.randint(1425, 1439) if is_late else rng.randint(480, 900)
        self.dated = rng.choices((1.0, 0.0, 0.6), (75, 15, 10))[0]  # the part of captures with a known time
        self.is_shared = kind in ("several", "colliding")
        self.patterns = []
        if rng.random() < 0.45:
            self.patterns = [self.text.pattern(long=rng.random() < 0.5) for _ in range(rng.choice([1, 1, 2]))]
        self.agency: list[Wording] = []
        self.posts: list[Post] = []
        self._names: dict[int, list[str]] = {}

    def next_name(self, blog: int) -> str:
        """Return a name for a pattern; a live blog rarely uses one twice."""
        names = self._names.get(blog) or self.rng.sample(self.text.names, len(self.text.names))
        self._names[blog] = names
        return names.pop() if self.rng.random() < 0.99 else names[-1]

    def live_blogs(self) -> list[_LiveBlog]:
        """Return the live blogs of the history, with names, addresses and schemes of ids."""
        rng = self.rng
        count = rng.choice([2, 2, 3]) if self.is_shared else 1
        outlets = rng.sample(self.text.names, count)
        same_outlet = self.kind == "several" and rng.random() < 0.15
        common_title = self.text.headline() if rng.random() < 0.4 else ""
        common_scheme = rng.choice(COLLIDING)
        result = []
        for number in range(count):
            outlet = outlets[0 if same_outlet else number]
            url = f"https://{outlet.lower()}.example/live"
            if same_outlet:
                url += f"?id={number + 71}"
            elif rng.random() < 0.12:
                url = ""
            title = common_title if common_title and not same_outlet else self.text.headline()
            date = DAY + dt.timedelta(days=int(self.start > 1300 and number == 1))
            scheme = {
                "strong": rng.choice(STRONG),
                "weak": rng.choice(WEAK),
                "colliding": common_scheme,
                "several": rng.choice(("none", "none", *STRONG, *WEAK, *COLLIDING)),
            }.get(self.kind, "none")
            blog = Blog(number, outlet, title, url, date, rng.random() < 0.6)
            result.append(_LiveBlog(blog, scheme, self))
        return result


def simulate(kind: str, seed: int, *, branches: bool = False) -> History:
    """Return a history of a kind; the same kind and seed give the same history."""
    event = _Event(kind, seed)
    rng = event.rng
    blogs = event.live_blogs()
    captures: list[Capture] = []
    for step in range(rng.choice([4, 4, 4, 5])):
        for live in blogs:
            live.step(step)
            if kind in ("weak", "several") and rng.random() < 0.12:
                live.scheme = rng.choice(WEAK if kind == "weak" else ("none", "long", *WEAK))
            for part in range(1 + (rng.random() < 0.12)):
                taken = event.start + 100 + 60 * step + 3 * live.blog.number + part
                capture = live.capture(step, taken) if step > 1 or rng.random() < 0.9 else None
                captures += [capture] if capture else []
    captures.sort(key=lambda capture: capture.taken)
    order = list(range(len(captures)))
    if rng.random() < 0.5:
        rng.shuffle(order)
    if len(order) > 3 and rng.random() < 0.15:
        order.pop()
    if branches:
        base = rng.randint(1, max(1, len(order) // 3))
        ours = rng.randint(1, max(1, len(order) - base - 1))
        if rng.random() < 0.1:
            order.append(order[min(base, len(order) - 1)])  # both branches have this capture
        return History(kind, seed, tuple(event.posts), tuple(captures), tuple(order), base, ours)
    for _ in range(rng.randint(0, 2)):
        order.insert(rng.randint(0, len(order)), rng.choice(order))
    return History(kind, seed, tuple(event.posts), tuple(captures), tuple(order))
