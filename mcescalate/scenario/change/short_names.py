"""Short names for the values that are changed most often: "tie:GMY-AUH", "hotline:USA-RUS".

    tie:A-B          all that A and B promise each other; tie:A-B.KIND that kind alone
    promise:A-B      all that A promises B; promise:A-B.KIND that kind alone
    hotline:A-B      channels between A and B, both ways
    mediator         probability per turn that a mediator is heard
    stake:A-B        what is at stake between A and B, for both
    mistrust:A-B     bias of A when it reads B, and of B when it reads A
    posture:A        timetables that keep A from going back once it has mobilised
    exercise:A       manoeuvres of A that others may take for more
    noise:A          spread of A's readings, in rungs
    bias:A           A's own bias towards all others, in rungs
    opacity:A        what makes A harder to read for others
    accident         incidents that no actor chose
    misattribution   incidents blamed on the wrong actor
    policy           restraint, calm and mediation once a crisis is hot
    bystanders       neutrals without a rivalry that may join

A short name stands for one address or several and may be used wherever an address may. Any id
may be `*`.
"""

from mcescalate.scenario.wording import listed, suggestion

_ADDRESSES = {
    "tie": ("ties.{a}-{b}.{kind}.strength", "ties.{b}-{a}.{kind}.strength"),
    "promise": ("ties.{a}-{b}.{kind}.strength",),
    "hotline": ("dyads.{a}-{b}.channel", "dyads.{b}-{a}.channel"),
    "stake": ("dyads.{a}-{b}.stake", "dyads.{b}-{a}.stake"),
    "mistrust": ("dyads.{a}-{b}.mistrust", "dyads.{b}-{a}.mistrust"),
    "posture": ("actors.{a}.rigidity",),
    "exercise": ("actors.{a}.exercise",),
    "noise": ("actors.{a}.noise",),
    "bias": ("actors.{a}.bias",),
    "opacity": ("actors.{a}.opacity",),
    "mediator": ("mediation.rate",),
    "accident": ("trigger.accident",),
    "misattribution": ("trigger.domains.*.misattribution",),
    "policy": ("policy.restraint", "policy.calm", "policy.mediation"),
    "bystanders": ("bystander.base",),
}


def expand(text: str) -> list[str]:
    """The addresses that a short name stands for, or `text` itself; some may lead nowhere.

    Raises
    ------
    LookupError
        `text` is meant as a short name and is none; says what is nearest.
    """
    word, colon, ids = (part.strip() for part in text.partition(":"))
    if word not in _ADDRESSES:
        if not colon or "." in word:
            return [text]
        known = listed(list(_ADDRESSES))
        raise LookupError(f"{text}: expected one of {known}{suggestion(word, _ADDRESSES)}")
    form = _ADDRESSES[word][0]
    if "{a}" not in form and colon:
        raise LookupError(f'{text}: expected "{word}" alone')
    if "{a}" in form and not ids:
        example = f"{word}:GMY-AUH" if "{b}" in form else f"{word}:GMY"
        raise LookupError(f"{text}: expected ids after it, as in {example}")
    a, b, kind = ids, "", ""
    if "{b}" in form:
        pair, dot, kind = ids.partition(".")
        a, _, b = pair.partition("-")
        if not a or not b or "-" in b or bool(dot) != bool(kind) or (dot and "{kind}" not in form):
            raise LookupError(f"{text}: expected two ids, as in {word}:GMY-AUH")
    return [address.format(a=a, b=b, kind=kind or "*") for address in _ADDRESSES[word]]
