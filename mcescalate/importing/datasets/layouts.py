"""The published data sets that are recognised, with the columns of each."""

from mcescalate.importing.files.headers import Layout


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PROMISES = "defense offense neutral nonagg consul"
_ATOP_PREFIXED = {f"atop_{kind}": kind for kind in _PROMISES.split()}
_ATOP_INSTEAD = "the file of members, or of directed dyad-years"
_COW_MEMBER = (
    "version4id ccode mem_st_day mem_st_month mem_st_year mem_end_day mem_end_month "
    "mem_end_year defense neutrality nonaggression entente"
)
_COW_MEMBER_USUAL = _columns(
    "state_name all_st_day all_st_month all_st_year all_end_day all_end_month "
    "all_end_year ss_type left_censor right_censor version"
)
_COW_DYAD = (
    "version4id ccode1 ccode2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day "
    "dyad_end_month dyad_end_year defense neutrality nonaggression entente"
)
_COW_DYAD_USUAL = _columns("state_name1 state_name2 left_censor right_censor version")

SCENARIO_LAYOUTS = (
    Layout(
        "nmc",
        "COW National Material Capabilities",
        _columns("ccode year cinc"),
        _columns("stateabb milex milper irst pec tpop upop version"),
        taken="capability",
        short="COW capabilities",
    ),
    Layout(
        "states",
        "COW State System Membership, states",
        _columns("stateabb ccode statenme styear stmonth stday endyear endmonth endday"),
        _columns("version"),
        taken="members of the state system by day, their names",
        short="COW states",
    ),
    Layout(
        "system",
        "COW State System Membership, state-years",
        _columns("stateabb ccode year"),
        _columns("version"),
        taken="members of the state system by year",
        short="COW states",
        others=_columns("statenme"),
    ),
    Layout(
        "majors",
        "COW State System Membership, major powers",
        _columns("ccode styear stmonth stday endyear endmonth endday"),
        _columns("stateabb version"),
        taken="major powers by day",
        short="COW major powers",
    ),
    Layout(
        "atop_members",
        "ATOP, members",
        _columns(
            "atopid member yrent moent dayent yrexit moexit dayexit defense offense neutral nonagg "
            "consul defcoadv defcoloc defcocon defconum defcodem defconpr offcoadv statthr1 "
            "statthr2 pubsecr milaid ecaid intcom base"
        ),
        _columns("cowsys phase maxphase ineffect defcon offcon obvary termmode version"),
        taken="promises by day, with their conditions",
        short="ATOP",
        reported=_columns("cowsys defcon"),
    ),
    Layout(
        "atop_dyads",
        "ATOP, directed dyad-years",
        _columns(f"statea stateb year {_PROMISES}"),
        _columns("ddyad atopally"),
        taken="promises by giver, receiver and year",
        short="ATOP dyad-years",
    ),
    Layout(
        "atop_dyads",
        "ATOP, directed dyad-years as peacesciencer has them",
        _columns(f"ccode1 ccode2 year {' '.join(_ATOP_PREFIXED)}"),
        (),
        taken="promises by giver, receiver and year",
        short="ATOP dyad-years",
        renamed={"ccode1": "statea", "ccode2": "stateb", **_ATOP_PREFIXED},
    ),
    Layout(
        "atop_pairs",
        "ATOP, dyad-years without directions",
        _columns(f"mem1 mem2 year {_PROMISES}"),
        _columns("dyad atopally bilatno multino number asymm atopid1"),
        instead=_ATOP_INSTEAD,
    ),
    Layout(
        "atop_state_years",
        "ATOP, state-years",
        _columns(f"state year {_PROMISES}"),
        _columns("atopally number bilatno multino atopid1"),
        instead=_ATOP_INSTEAD,
    ),
    Layout(
        "atop_treaties",
        "ATOP, treaties",
        _columns("atopid begyr begmo begday endyr endmo endday mem1 mem2"),
        _columns(
            f"{_PROMISES} ineffect bilat conditio defcon offcon neucon concon asymm notaiden "
            "specthrt statthr1 statthr2 milcon milaid intcom subord organ1 base ecaid pubsecr "
            "term mem3 mem4 mem5 mem6 version"
        ),
        instead=_ATOP_INSTEAD,
    ),
    Layout(
        "cow_members",
        "COW Formal Alliances, members",
        _columns(_COW_MEMBER),
        _COW_MEMBER_USUAL,
        taken="promises by day",
        short="COW alliances",
        reported=("right_censor",),
    ),
    Layout(
        "cow_dyads",
        "COW Formal Alliances, dyads",
        _columns(_COW_DYAD),
        _COW_DYAD_USUAL,
        taken="promises by day",
        short="COW alliances",
        reported=("right_censor",),
    ),
    Layout(
        "cow_member_years",
        "COW Formal Alliances, member-years",
        _columns(f"{_COW_MEMBER} year"),
        _COW_MEMBER_USUAL,
        taken="promises by day, each spell once",
        short="COW alliances",
        reported=("right_censor",),
    ),
    Layout(
        "cow_dyad_years",
        "COW Formal Alliances, dyad-years",
        _columns(f"{_COW_DYAD} year"),
        _COW_DYAD_USUAL,
        taken="promises by day, each spell once",
        short="COW alliances",
        reported=("right_censor",),
    ),
    Layout(
        "contiguity",
        "COW Direct Contiguity",
        _columns("statelno statehno conttype begin end"),
        _columns("dyad statelab statehab notes version"),
        taken="borders on land and across water by month",
        short="COW contiguity",
    ),
    Layout(
        "contiguity",
        "COW Direct Contiguity as peacesciencer has it",
        _columns("ccode1 ccode2 conttype stdate enddate"),
        (),
        taken="borders on land and across water by month",
        short="COW contiguity",
        renamed={
            "ccode1": "statelno",
            "ccode2": "statehno",
            "stdate": "begin",
            "enddate": "end",
        },
    ),
    Layout(
        "contiguity",
        "COW Direct Contiguity as peacesciencer had it",
        _columns("ccode1 ccode2 conttype begin end"),
        (),
        taken="borders on land and across water by month",
        short="COW contiguity",
        renamed={"ccode1": "statelno", "ccode2": "statehno"},
    ),
    Layout(
        "colonial_contiguity",
        "COW Colonial Contiguity",
        _columns("statelno statehno conttype begin end dependl dependh"),
        _columns("statelab statehab notes version"),
        instead="the master file of Direct Contiguity, contdir.csv",
    ),
    Layout(
        "contiguity_years",
        "COW Direct Contiguity, dyad-years",
        _columns("state1no state2no year conttype"),
        _columns("dyad state1ab state2ab version"),
        instead="the master file contdir.csv",
    ),
    Layout(
        "tss",
        "Thompson, Sakuwa and Suhas strategic rivalries",
        _columns(
            "ccode1 ccode2 start end positional spatial ideological interventionary principal"
        ),
        _columns("tssr_id rivalry ongoing aprin"),
        taken="rivalries by year",
        short="Thompson, Sakuwa and Suhas",
        reported=("ongoing",),
    ),
    Layout(
        "td",
        "Thompson and Dreyer strategic rivalries",
        _columns("ccode1 ccode2 styear endyear type1 type2 type3"),
        _columns("rivalryno rivalryname region"),
        taken="rivalries by year",
        short="Thompson and Dreyer",
    ),
    Layout(
        "regimes",
        "Polity 5",
        _columns("ccode year polity2"),
        _columns("scode country democ autoc polity xrreg parcomp"),
        taken="regime by year",
        short="Polity",
    ),
    Layout(
        "supplement",
        "further ties",
        _columns("ccode1 ccode2 directed types treaty_name start_date end_date"),
        _columns("treaty_id stake note source"),
        taken="informal ties, aid, guarantees, treaties and stakes that no other file has, by day",
        short="further ties",
        named_only=True,
    ),
)

_DISPUTE = "stday stmon styear"
_DISPUTE_USUAL = (
    "endday endmon endyear outcome settle fatality fatalpre maxdur mindur hiact hostlev recip "
    "numa numb version"
)
_PARTY = "ccode stday stmon styear sidea orig"
_PARTY_USUAL = (
    "stabb endday endmon endyear revstate revtype1 revtype2 fatality fatalpre hiact hostlev version"
)
_OF_DISPUTES = "disputes: their days and outcomes"
_OF_PARTIES = "states in disputes, by side"

DISPUTE_LAYOUTS = (
    *(
        Layout(
            "mid_disputes",
            "Militarized Interstate Disputes, disputes",
            _columns(f"{number} {_DISPUTE}"),
            _columns(f"{_DISPUTE_USUAL} {more}"),
            taken=_OF_DISPUTES,
            short="MID",
            renamed={} if number == "dispnum" else {number: "dispnum"},
        )
        for number, more in (
            ("dispnum", "ongo2014"),
            ("dispnum4", "dispnum3 link1 link2 link3 ongo2010"),
            ("dispnum3", "link1 link2 link3 ongo2010"),
        )
    ),
    *(
        Layout(
            "mid_participants",
            "Militarized Interstate Disputes, participants",
            _columns(f"{number} {_PARTY}"),
            _columns(f"{_PARTY_USUAL} {more}"),
            taken=_OF_PARTIES,
            short="MID",
            renamed={} if number == "dispnum" else {number: "dispnum"},
        )
        for number, more in (("dispnum", ""), ("dispnum4", "dispnum3"), ("dispnum3", ""))
    ),
    Layout(
        "mid_incidents",
        "Militarized Interstate Disputes, incidents",
        _columns("dispnum incidnum stday stmon styear"),
        _columns(
            "endday endmon endyear duration tbi fatality fatalpre action hostlev numa version"
        ),
        instead="the files of disputes and of participants",
    ),
    Layout(
        "mid_incident_participants",
        "Militarized Interstate Disputes, participants of incidents",
        _columns("dispnum incidnum ccode stday stmon styear"),
        _columns(
            "stabb endday endmon endyear duration tbi insidea sidea fatality fatalpre action "
            "hostlev revtype1 revtype2 version"
        ),
        instead="the files of disputes and of participants",
    ),
    Layout(
        "gml_disputes",
        "Gibler, Miller and Little, disputes",
        _columns("dispnum styear stmon"),
        _columns("outcome settle fatality mindur maxdur hiact hostlev recip"),
        taken=_OF_DISPUTES,
        short="Gibler, Miller and Little",
    ),
    Layout(
        "gml_participants",
        "Gibler, Miller and Little, participants",
        _columns("dispnum ccode styear stmon stday sidea orig"),
        _columns("endyear endmon endday hiact"),
        taken=_OF_PARTIES,
        short="Gibler, Miller and Little",
    ),
    Layout(
        "mie",
        "Militarized Interstate Events",
        _columns("micnum eventnum ccode1 ccode2 stmon stday styear sidea1 action hostlev"),
        _columns("endmon endday endyear fatalmin1 fatalmax1 fatalmin2 fatalmax2 version"),
        taken="the first event of each dispute",
        short="Militarized Interstate Events",
    ),
)
"""For backtests; an import reads none of them."""

LAYOUTS = (*SCENARIO_LAYOUTS, *DISPUTE_LAYOUTS)
