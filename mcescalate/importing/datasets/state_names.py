"""Names of states that the list of states lacks, and their ISO codes.

The letters are those of ISO 3166-1 alpha-3, as the ISO Online Browsing Platform lists them and
the United Nations' M49 standard repeats them; those in brackets are former ones, of ISO 3166-3,
and XKX is a code for users, by which the European Union and others mean Kosovo. The numbers are
those of the Correlates of War Project's State System Membership. Which number and which letters
belong together, and the further names, are general history: the letters of a state that changed
its name or its borders are those of the state that COW continues it by.
"""

import re
import unicodedata

_TABLE = """
2    USA        United States; United States of America; US; USA; America
20   CAN        Canada
31   BHS        Bahamas
40   CUB        Cuba
41   HTI        Haiti
42   DOM        Dominican Republic
51   JAM        Jamaica
52   TTO        Trinidad and Tobago; Trinidad
53   BRB        Barbados
54   DMA        Dominica
55   GRD        Grenada
56   LCA        Saint Lucia
57   VCT        Saint Vincent and the Grenadines; Saint Vincent
58   ATG        Antigua and Barbuda; Antigua
60   KNA        Saint Kitts and Nevis; Saint Kitts
70   MEX        Mexico
80   BLZ        Belize; British Honduras
90   GTM        Guatemala
91   HND        Honduras
92   SLV        El Salvador; Salvador
93   NIC        Nicaragua
94   CRI        Costa Rica
95   PAN        Panama
100  COL        Colombia; Gran Colombia
101  VEN        Venezuela
110  GUY        Guyana
115  SUR        Suriname; Surinam
130  ECU        Ecuador
135  PER        Peru
140  BRA        Brazil
145  BOL        Bolivia
150  PRY        Paraguay
155  CHL        Chile
160  ARG        Argentina
165  URY        Uruguay
200  GBR        United Kingdom; UK; Britain; Great Britain; England; British Empire
205  IRL        Ireland; Irish Republic; Republic of Ireland; Irish Free State; Eire
210  NLD        Netherlands; Holland
211  BEL        Belgium
212  LUX        Luxembourg; Luxemburg
220  FRA        France
221  MCO        Monaco
223  LIE        Liechtenstein
225  CHE        Switzerland
230  ESP        Spain
232  AND        Andorra
235  PRT        Portugal
240  -          Hanover; Hannover
245  -          Bavaria
255  DEU        Germany; Prussia; German Empire; German Reich; Third Reich; Nazi Germany
260  -          West Germany; FRG; BRD; Federal Republic of Germany; German Federal Republic
265  (DDR)      East Germany; German Democratic Republic
267  -          Baden
269  -          Saxony
271  -          Wuerttemberg; Wuerttemburg; Württemberg
273  -          Hesse Electoral; Hesse-Kassel; Hesse-Cassel
275  -          Hesse Grand Ducal; Hesse-Darmstadt
280  -          Mecklenburg Schwerin
290  POL        Poland
300  -          Austria-Hungary; Austro-Hungary; Austrian Empire; Habsburg Empire
305  AUT        Austria
310  HUN        Hungary
315  (CSK)      Czechoslovakia; CSSR; Czecho-Slovakia
316  CZE        Czech Republic; Czechia
317  SVK        Slovakia; Slovak Republic
325  ITA        Italy; Sardinia; Piedmont; Piedmont-Sardinia; Kingdom of Sardinia
327  -          Papal States
329  -          Two Sicilies; Kingdom of the Two Sicilies
331  SMR        San Marino
332  -          Modena
335  -          Parma
337  -          Tuscany
338  MLT        Malta
339  ALB        Albania
341  MNE        Montenegro
343  MKD        Macedonia; North Macedonia; FYROM
344  HRV        Croatia
345  SRB (YUG SCG)  Yugoslavia; Serbia; Serbia and Montenegro
346  BIH        Bosnia and Herzegovina; Bosnia; Bosnia-Herzegovina
347  XKX        Kosovo
349  SVN        Slovenia
350  GRC        Greece
352  CYP        Cyprus
355  BGR        Bulgaria
359  MDA        Moldova; Moldavia
360  ROU        Romania; Rumania; Roumania
365  RUS (SUN)  Russia; Soviet Union; USSR; Russian Federation; Russian Empire; Soviet Russia
366  EST        Estonia
367  LVA        Latvia
368  LTU        Lithuania
369  UKR        Ukraine
370  BLR (BYS)  Belarus; Byelorussia; Belorussia
371  ARM        Armenia
372  GEO        Georgia
373  AZE        Azerbaijan
375  FIN        Finland
380  SWE        Sweden
385  NOR        Norway
390  DNK        Denmark
395  ISL        Iceland
402  CPV        Cape Verde; Cabo Verde
403  STP        Sao Tome and Principe; Sao Tome
404  GNB        Guinea-Bissau; Portuguese Guinea
411  GNQ        Equatorial Guinea
420  GMB        Gambia
432  MLI        Mali
433  SEN        Senegal
434  BEN (DHY)  Benin; Dahomey
435  MRT        Mauritania
436  NER        Niger
437  CIV        Ivory Coast; Cote d'Ivoire
438  GIN        Guinea; Guinea-Conakry
439  BFA (HVO)  Burkina Faso; Upper Volta
450  LBR        Liberia
451  SLE        Sierra Leone
452  GHA        Ghana
461  TGO        Togo
471  CMR        Cameroon; Cameroun
475  NGA        Nigeria
481  GAB        Gabon
482  CAF        Central African Republic; CAR
483  TCD        Chad
484  COG        Congo; Republic of the Congo; Congo-Brazzaville
490  COD (ZAR)  Democratic Republic of the Congo; DR Congo; Congo-Kinshasa; Belgian Congo; Zaire
500  UGA        Uganda
501  KEN        Kenya
510  TZA        Tanzania; Tanganyika; United Republic of Tanzania
511  -          Zanzibar
516  BDI        Burundi
517  RWA        Rwanda
520  SOM        Somalia
522  DJI        Djibouti
530  ETH        Ethiopia; Abyssinia
531  ERI        Eritrea
540  AGO        Angola
541  MOZ        Mozambique
551  ZMB        Zambia; Northern Rhodesia
552  ZWE (RHO)  Zimbabwe; Rhodesia; Southern Rhodesia
553  MWI        Malawi; Nyasaland
560  ZAF        South Africa; RSA; Union of South Africa
565  NAM        Namibia; South West Africa
570  LSO        Lesotho
571  BWA        Botswana
572  SWZ        Swaziland; Eswatini
580  MDG        Madagascar; Malagasy Republic
581  COM        Comoros
590  MUS        Mauritius
591  SYC        Seychelles
600  MAR        Morocco
615  DZA        Algeria
616  TUN        Tunisia
620  LBY        Libya
625  SDN        Sudan
626  SSD        South Sudan
630  IRN        Iran; Persia; Islamic Republic of Iran
640  TUR        Turkey; Turkiye; Ottoman Empire
645  IRQ        Iraq
651  EGY        Egypt; United Arab Republic; UAR
652  SYR        Syria; Syrian Arab Republic
660  LBN        Lebanon
663  JOR        Jordan; Transjordan
666  ISR        Israel
670  SAU        Saudi Arabia
678  -          Yemen Arab Republic; North Yemen
679  YEM        Yemen; Republic of Yemen
680  (YMD)      Yemen People's Republic; South Yemen; People's Democratic Republic of Yemen; PDRY
690  KWT        Kuwait
692  BHR        Bahrain
694  QAT        Qatar
696  ARE        United Arab Emirates; Emirates
698  OMN        Oman; Muscat and Oman
700  AFG        Afghanistan
701  TKM        Turkmenistan
702  TJK        Tajikistan
703  KGZ        Kyrgyzstan; Kirghizia
704  UZB        Uzbekistan
705  KAZ        Kazakhstan
710  CHN        China; People's Republic of China; PRC; Mainland China
712  MNG        Mongolia
713  TWN        Taiwan; Republic of China; ROC; Formosa; Nationalist China
730  -          Korea; Korean Empire; Joseon
731  PRK        North Korea; DPRK; Democratic People's Republic of Korea
732  KOR        South Korea; Republic of Korea
740  JPN        Japan
750  IND        India
760  BTN        Bhutan
770  PAK        Pakistan
771  BGD        Bangladesh
775  MMR (BUR)  Myanmar; Burma
780  LKA        Sri Lanka; Ceylon
781  MDV        Maldives
790  NPL        Nepal
800  THA        Thailand; Siam
811  KHM        Cambodia; Kampuchea
812  LAO        Laos; Lao PDR; Lao People's Democratic Republic
816  VNM (VDR)  Vietnam; Viet Nam; North Vietnam; Democratic Republic of Vietnam
817  -          Republic of Vietnam; South Vietnam
820  MYS        Malaysia; Malaya
830  SGP        Singapore
835  BRN        Brunei; Brunei Darussalam
840  PHL        Philippines
850  IDN        Indonesia
860  TLS (TMP)  East Timor; Timor-Leste
900  AUS        Australia
910  PNG        Papua New Guinea
920  NZL        New Zealand
935  VUT        Vanuatu
940  SLB        Solomon Islands
946  KIR        Kiribati
947  TUV        Tuvalu
950  FJI        Fiji
955  TON        Tonga
970  NRU        Nauru
983  MHL        Marshall Islands
986  PLW        Palau
987  FSM        Federated States of Micronesia; Micronesia
990  WSM        Samoa; Western Samoa
"""

TERRITORY_HOLDERS = {
    code: others
    for codes, others in (
        ((240, 245, 260, 265, 267, 269, 271, 273, 275, 280), (255,)),
        ((255,), (260, 265)),
        ((300,), (305, 310)),
        ((305, 310), (300,)),
        ((315,), (316, 317)),
        ((316, 317), (315,)),
        ((327, 329, 332, 335, 337), (325,)),
        ((341, 343, 344, 346, 347, 349), (345,)),
        ((359, 366, 367, 368, 369, 370, 371, 372, 373, 701, 702, 703, 704, 705), (365,)),
        ((678, 680), (679,)),
        ((679,), (678, 680)),
        ((730,), (731, 732)),
        ((731, 732), (730,)),
        ((817,), (816,)),
        ((511,), (510,)),
        ((531,), (530,)),
        ((626,), (625,)),
        ((565,), (560,)),
        ((652,), (651,)),
        ((713,), (710,)),
        ((771,), (770,)),
        ((830,), (820,)),
        ((860,), (850,)),
    )
    for code in codes
}
"""States that held a state's territory, or part of it, at other times: general history."""

_RANKS = re.compile(
    r"(?:republic|kingdom|principality|state|sultanate|commonwealth|grand duchy) of "
)


def plain_name(name: str) -> str:
    """A name in lower case, without accents, punctuation and "the"."""
    text = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    text = re.sub(
        r"[.'\u2019\u02bc`]", "", "".join(c for c in text if not unicodedata.combining(c))
    )
    words = re.findall(r"[^\W_]+", text)
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


def ways_to_write(name: str) -> list[str]:
    """The forms in which lists may have a name, in plain spelling, the surest first.

    "Korea, South" and "Korea (South)" are South Korea; the "Republic of Turkey" is Turkey.
    """
    ways = [plain_name(name)]
    if turned := re.fullmatch(r"([^,(]+)[,(]([^,()]+)\)?\s*", name):
        ways.append(plain_name(f"{turned[2]} {turned[1]}"))
    if rank := _RANKS.match(ways[-1]):
        ways.append(ways[-1][rank.end() :])
    return ways


_ROW = re.compile(r"^(\d+) +(?:([A-Z]{3})|-)? ?(?:\(([A-Z ]+)\))? +(\S.*)$", re.MULTILINE)

_ROWS = list(_ROW.finditer(_TABLE))

LETTERS = {
    letters: int(row[1]) for row in _ROWS for letters in f"{row[2] or ''} {row[3] or ''}".split()
}
"""COW country codes by ISO's three letters."""

NAMES = {plain_name(name): int(row[1]) for row in _ROWS for name in row[4].split(";")}
"""COW country codes by name, as `plain_name` writes it."""
