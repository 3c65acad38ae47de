"""Load an archive and its theme: everything that the files of a site are written from, read and checked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.content import (
    PAGE_PLACES,
    DayFile,
    check_moved_entries,
    day_file_path,
    load_addresses,
    load_topics,
    read_page_files,
)
from daybook.archive.content_check import KINDS, LISTS, find_unknown_files
from daybook.archive.published_files import check_picture_paths, picture_sizes, pictures_in
from daybook.archive.story_files import load_story_addresses, load_story_rules
from daybook.archive.turning_points import load_turning_points
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import code_digest, digest
from daybook.core.pictures import find_pictures
from daybook.core.text import is_url, isolate_bidi
from daybook.incremental.cache import BuildCache
from daybook.site.exports.cards import card_fonts
from daybook.site.exports.data_package import website_jsonld
from daybook.site.inputs import content_settings, local_code_digest, published_paths, setting_key, static_paths
from daybook.site.views.catalog import ArchiveChange, Catalog, build_catalog, list_changes
from daybook.site.views.day_cache import DayCache, RenderContext
from daybook.site.views.entry_view import first_sentence, opening, shown_instant
from daybook.site.views.feed_formats import FEED_FORMATS
from daybook.site.views.i18n import bdi_element, text_direction
from daybook.site.views.story_views import story_index, story_rules
from daybook.site.views.theme import (
    EXTENSION_SETTINGS,
    FIRST_FONTS,
    Assets,
    TemplateMentions,
    TemplateRenderer,
    TemplateUses,
    check_overlays,
    load_assets,
    logo_name,
)
from daybook.site.views.urls import OPENSEARCH_FILE, SiteIdentity, month_url, week_url
from daybook.site.views.words import Interface, fill, load_interface
from daybook.stories.story_cache import find_stories

_FILTERS: dict[str, Callable[..., object]] = {
    "direction": text_direction,
    "fill": fill,
    "first_sentence": first_sentence,
    "opening": opening,
    "iso_year": lambda date: date.isocalendar().year,
    "month_start": lambda date: date.replace(day=1),
    "month_path": month_url,
    "week_path": week_url,
    "bdi": bdi_element,  # text of the content in a line with other text
    "isolate": isolate_bidi,  # the same in a title or an attribute
}
_STORY_TEMPLATES = {"entry", "story", "stories"}
_OVERVIEW_TEMPLATES = {"index", "month", "week", "year", "days", "topics", "topic", "topic_month", "redirect", "404"}
_TEMPLATES = frozenset(
    _OVERVIEW_TEMPLATES
    | _STORY_TEMPLATES
    | {"day", "excerpts", "page", "search", "data", "sources", "changes", "dialogs"}
)


class LoadedSite(Struct, frozen=True, kw_only=True):
    """An archive and its theme, ready to be rendered.

    `published` are the addresses in the list of published ones, `changes` the log of all changes. `warnings` are
    about files of the content folder that no command reads.
    """

    catalog: Catalog
    identity: SiteIdentity
    interface: Interface
    assets: Assets
    renderer: TemplateRenderer
    published: frozenset[str]
    changes: tuple[ArchiveChange, ...]
    warnings: tuple[str, ...]


def load_site(config: Config, days: Sequence[DayFile], cache: BuildCache) -> LoadedSite:
    """Read and check all of an archive's content and its theme.

    `cache` holds what earlier builds computed from the day files.

    Raises:
        ArchiveError: Anything is wrong. Nothing has been written to the output.
    """
    siteurl = config.paths.siteurl.rstrip("/")
    if siteurl and not _is_site_url(siteurl):
        reason = f"SITEURL {config.paths.siteurl!r} is not an address; write it as https://example.org/archive"
        raise ArchiveError(reason)
    identity = SiteIdentity(name=config.name, identity=config.identity, siteurl=siteurl, lang=config.lang)
    check_overlays(config.theme_folders)
    content = config.paths.content
    sizes, pages = picture_sizes(content), read_page_files(content)
    # Of each place, the prose pages that all pages link to there, as titles and paths.
    prose_links = {
        place: [(page.title, f"{page.path.stem}/") for page in pages if page.place == place] for place in PAGE_PLACES
    }
    interface = load_interface(config.theme_folders, config.lang, config.interface_lang)
    assets = load_assets(config.theme_folders, cache)
    template_names = {
        "MENUITEMS": (),
        "LINKS": (),
        "SOCIAL": (),
        **config.names,
        "site": config,
        "siteurl": identity.siteurl,
        "strings": interface.words,
        "language": interface.language,
        "lang": identity.lang,
        "static": assets.static,
        "feed_formats": FEED_FORMATS,
        "open_search": OPENSEARCH_FILE if identity.siteurl else "",
        "preloads": [assets.names[name] for name in FIRST_FONTS if name in assets.names],
        "cards": bool(config.cards and siteurl and card_fonts(assets)),
        "logo": assets.names.get(logo_name(assets, config.theme_folders), ""),
        "prose_links": prose_links,
        "picture_sizes": sizes,
        "website_jsonld": website_jsonld(config, identity),
    }
    filters: dict[str, Callable[..., object]] = {
        **interface.language.filters(),
        **_FILTERS,
        "shown_instant": partial(shown_instant, zone=config.zone),
    }
    renderer = TemplateRenderer(config.template_folders, template_names, filters)
    try:
        renderer.add_extensions(config.names)
    except ArchiveError as error:
        raise error.at(config.paths.conf) from None
    unknown, warnings = find_unknown_files(content, published_paths(config))
    for mistake in (*unknown, *published_path_errors(config)):
        raise mistake
    topics = load_topics(content)
    for page in pages:
        check_picture_paths(find_pictures(page.html), sizes, page.path)
    for slug, topic in topics.declared.items():
        check_picture_paths(pictures_in(topic.introduction), sizes, content / "topics" / f"{slug}.md")
    # All templates are checked once for each state of the theme: a broken one stops a build before it writes.
    checked_key = b"templates" + digest(code_digest(), renderer.digest)
    find_uses = partial(renderer.check_and_find_uses, _TEMPLATES)
    renderer.set_uses(cache.get_or_make(checked_key, dict[str, TemplateUses], find_uses))
    assets.add("js/dialogs.js", renderer.dialog_script())
    values = _template_values(config, assets, identity, template_names)
    kinds = [(name, isinstance(value, dict)) for name, value in sorted(values.items())]
    mentions_key = b"mentions" + digest(code_digest(), renderer.digest, kinds)
    find_mentions = partial(renderer.find_mentions, values)
    mentions = cache.get_or_make(mentions_key, dict[str, TemplateMentions], find_mentions)
    renderer.set_keys(values, mentions, [interface.digest, _extension_code(config)])
    context = RenderContext(config=config, topics=topics, excerpts=renderer.excerpts)
    code_key = digest(code_digest(), content_settings(config))
    day_cache = DayCache(days, context, cache, (code_digest(), digest(code_key, renderer.key("excerpts"))))
    corrections, rules = story_rules(content, load_story_rules(content), day_cache)
    placements = find_stories(day_cache.story_days(), corrections, cache, code_digest())
    stories = story_index(placements, day_cache, rules, load_story_addresses(content), config)
    catalog = build_catalog(day_cache, topics, config, code_key, interface.language.first_weekday)
    catalog = replace(catalog, turning_points=load_turning_points(content), stories=stories)
    for date, pictures in chain.from_iterable(month.pictures for month in day_cache.months.values()):
        check_picture_paths(pictures, sizes, day_file_path(content, date))
    # A tombstone may lead only to an entry that exists, or to another tombstone.
    if tombstones := list(catalog.tombstones):
        keys = {*catalog.entry_keys, *((date, entry.anchor) for date, entry in tombstones)}
        check_moved_entries(content, tombstones, keys)
    return LoadedSite(
        catalog=catalog,
        identity=identity,
        interface=interface,
        assets=assets,
        renderer=renderer,
        published=load_addresses(content),
        changes=list_changes(catalog),
        warnings=tuple(warnings),
    )


def published_path_errors(config: Config) -> Iterator[ArchiveError]:
    """Yield an error for each path of the settings that names no plain file or folder of the content."""
    content, conf, names = config.paths.content, config.paths.conf, config.names
    static = [PurePosixPath(name) for name in static_paths(config)]
    for path in static:
        if path.is_absolute() or ".." in path.parts or not path.parts:
            reason = f"STATIC_PATHS: {str(path)!r} is no part of the content folder; name folders or files in it"
            yield ArchiveError(reason, path=conf)
        elif path.parts[0] in (*KINDS, "ledger", *LISTS):
            reason = (
                f"STATIC_PATHS: {str(path)!r} belongs to the archive's own files; move plain files to another folder"
            )
            yield ArchiveError(reason, path=conf)
        elif str(path) in names.get("STATIC_PATHS", ()) and not (content / path).exists():
            yield ArchiveError(f"STATIC_PATHS: {content / path} does not exist; create it or delete it here", path=conf)
        for found in sorted([content / path, *(content / path).rglob("*")]):
            if found.is_symlink():
                reason = "symbolic links are not allowed in the content folder; copy the file here"
                yield ArchiveError(reason, path=found)
    for source in dict(names.get("EXTRA_PATH_METADATA") or {}):
        path = PurePosixPath(source)
        if not {path, *path.parents} & set(static):
            reason = f"EXTRA_PATH_METADATA: {source!r} lies in no folder of STATIC_PATHS; add it there"
            yield ArchiveError(reason, path=conf)
        elif not (content / path).exists():
            reason = f"EXTRA_PATH_METADATA: {content / path} does not exist; create it or delete it here"
            yield ArchiveError(reason, path=conf)
    for source in dict(names.get("TEMPLATE_PAGES") or {}):
        if not (content / source).is_file():
            reason = f"TEMPLATE_PAGES: {content / source} does not exist; create it or delete it here"
            yield ArchiveError(reason, path=conf)


def _template_values(
    config: Config, assets: Assets, identity: SiteIdentity, names: Mapping[str, object]
) -> dict[str, object]:
    """Return what the global names of templates stand for, in a form that can be part of keys.

    Words and formats of the language are not among them: they are part of every key.
    """
    settings = {name: setting_key(name, value) for name, value in names.items() if name.isupper()}
    fields = ("name", "identity", "lang", "first_day", "zone_name", "places", "repository", "publication")
    site = {field: repr(getattr(config, field)) for field in fields}
    values = {"siteurl": identity.siteurl, "open_search": identity.siteurl, "lang": identity.lang}
    plain = {name: names[name] for name in ("logo", "cards", "preloads", "prose_links", "picture_sizes")}
    jsonld = str(names["website_jsonld"])
    return {**settings, **values, **plain, "website_jsonld": jsonld, "site": site, "static": assets.names}


def _extension_code(config: Config) -> object:
    """Return a key of the code that templates can call because of the settings, or of plugins."""
    extensions = [setting_key(name, config.names[name]) for name in EXTENSION_SETTINGS if config.names.get(name)]
    return [extensions, local_code_digest()] if extensions or config.foreign_plugins else []


def _is_site_url(url: str) -> bool:
    """Tell whether a site can have this address: a host, perhaps a port and a path, but no user or password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:  # a bracket, or a port that is no number
        return False
    return is_url(parts.geturl()) and bool(host) and not (parts.query or parts.fragment)
