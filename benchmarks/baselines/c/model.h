/* The scenario as it comes from Python, and what is worked out before the first chain: odds of
 * every pair, sightings, promises. RUNGS, the number of rungs, is set when compiling. */
#ifndef MODEL_H
#define MODEL_H

#include <stdlib.h>
#include <string.h>

#include "layout.h" /* made from the package's dtypes: `World` and the tally */
#include "random.h"

enum { TOP = RUNGS - 1, LANES = RUNGS <= 8 ? 8 : 16 };
enum { A = 0, B = 1, NEUTRAL = 2 };
enum { D_COUNTS = 1, O_COUNTS = 2 };

/* One number for each rung, in one or two wide registers. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t places __attribute__((vector_size(LANES * sizeof(int32_t))));

#define LARGEST_LOGIT 80.0 /* the odds of larger ones are kept far from what a float holds */

struct world {
    int64_t n_actors, mobilised, casus, horizon, arms_levels, arms_periods;
    int64_t n_incidents, n_domains, n_ties;
    double accident, system_capability;
    const struct coefficients *c;
    const struct actor *actors;
    const struct dyad *dyads;
    const uint32_t *links;
    const struct incident *incidents;
    const struct domain *domains;
    const struct tie *ties;
};

/* What one actor is to another, in the order [from, to]. */
struct relation {
    double reach, rivalry, defence, consultation;
    double reassurance;          /* e^(response.reassure D) */
    double up, down;             /* odds of moves with the other as the opposite originator */
    double last_step;            /* e^(response.stake_war y) */
    double tie_odds, rival_odds; /* of coming in against the other */
};

/* What `from` owes another actor, with what follows by which of D and O count (D_COUNTS, O_COUNTS). */
struct promise {
    uint32_t from, to;
    int is_pledge; /* defence or offence, not support alone */
    int is_conditional_on_enemies;
    double support;
    double credit_a[4], credit_b[4]; /* what onlookers credit it with, its giver being firm */
    double odds_a[4], odds_b[4];     /* e^(obligation and burden), 0 without obligation */
};

/* Kinds of decision in which the balance of power counts. */
enum { RESPONSE, TIE, RIVAL, KINDS };

struct model {
    struct world w;
    struct relation *relations;
    struct promise *promises; /* by the one to whom; the first and the end are in `owed` */
    int *owed;
    lanes *sightings; /* [i, j, domain, rung of j]: 1 - g (1 - G) */
    uint8_t *is_sighted;
    lanes pull_up[RUNGS], pull_down[RUNGS]; /* odds by rung read */
    double rung_up[RUNGS], rung_down[RUNGS];
    double mediated_down, divided_up, divided_tie;
    double threat[RUNGS];
    double weight[KINDS], most[KINDS], least[KINDS];
    double *optimism[KINDS]; /* e^(weight optimism) */
    double *capability, *tempo; /* [actor, level of arms] */
    double *firmness;           /* [actor, divided] */
    double *freedom;            /* [actor, rung]: 1 - kappa where it binds, 0 at rung 0 */
    int do_pulls_rise;          /* whether going up is the likelier, the higher a reading is */
    /* The arms race. `regarded` is a place in links, the last of them that of no rival at all. */
    int *arms;          /* as the race begins, */
    int64_t (*first)[2]; /* [actor]: thresholds up and down in its first period */
    double *drive;      /* [regarded, level]: how far it drives the one who regards it */
    int64_t (*race)[2]; /* [regarded, its level, own level]: thresholds up and down */
    int no_rival;
    int64_t (*mediated_below)[RUNGS]; /* [arms of the originators, highest rung] */
};

static inline struct relation *relation(const struct model *m, int i, int j)
{
    return &m->relations[(size_t)i * m->w.n_actors + j];
}

static inline const struct dyad *dyad(const struct model *m, int i, int j)
{
    return &m->w.dyads[(size_t)i * m->w.n_actors + j];
}

/* Thresholds up and down of a period of the arms race for `i`, given all levels. */
static inline const int64_t *race_law(const struct model *m, int i, const int *arms)
{
    int levels = m->w.arms_levels + 1, place = m->no_rival * levels;
    const struct actor *actor = &m->w.actors[i];
    for (int r = actor->regarded; r < actor->regarded_end; r++) {
        int other = r * levels + arms[m->w.links[r]];
        if (r == actor->regarded || m->drive[other] > m->drive[place])
            place = other;
    }
    return m->race[place * levels + arms[i]];
}

static inline double logistic(double x)
{
    double power = exp(-fabs(x));
    return x >= 0.0 ? 1.0 / (1.0 + power) : power / (1.0 + power);
}

static inline double least(double x, double y) { return x < y ? x : y; }
static inline double greatest(double x, double y) { return x > y ? x : y; }

static void sight(const struct model *m, int i, int j, int domain, lanes *table);

/* How `i` sights `j`: a row for each rung of `j`, worked out when first asked for. */
static inline const lanes *sightings(const struct model *m, int i, int j, int domain)
{
    size_t place = ((size_t)i * m->w.n_actors + j) * m->w.n_domains + domain;
    lanes *table = m->sightings + place * RUNGS;
    if (__builtin_expect(!m->is_sighted[place], 0)) {
        sight(m, i, j, domain, table);
        m->is_sighted[place] = 1;
    }
    return table;
}

#endif
