/* Neutrals who come in, and governments that change. Both are rare, so each turn takes one
 * word for all of them together; only if that says "somebody" is it drawn who. */
#ifndef JOINING_H
#define JOINING_H

#include "crisis.h"

/* Chance that `call->actor` comes in for this promise, on news. */
static inline double tie_hazard(const struct crisis *s, const struct call *call,
                                const struct promise *promise, double common)
{
    int counts = what_counts(s, promise, !call->side);
    double odds = common * (call->side == A ? promise->odds_a[counts] : promise->odds_b[counts]);
    return odds / (1.0 + odds);
}

/* The odds of a tie hazard, but for the promise. */
static inline double tie_odds(const struct crisis *s, const struct call *call)
{
    double odds = call->enemy->tie_odds * s->m->threat[s->height[!call->side]];
    if (s->divided[call->actor])
        odds *= s->m->divided_tie;
    return odds * confidence(s, TIE, call->actor, call->side);
}

static inline double rival_hazard(const struct crisis *s, const struct call *call)
{
    if (s->height[!call->side] < TOP - 1)
        return 0.0;
    double odds = call->enemy->rival_odds * confidence(s, RIVAL, call->actor, call->side);
    return odds / (1.0 + odds);
}

static inline double tempo(const struct crisis *s, int k)
{
    return s->m->tempo[k * (s->m->w.arms_levels + 1) + s->arms[k]];
}

static inline double change_of_government(const struct crisis *s, int k)
{
    const struct actor *actor = &s->m->w.actors[k];
    return actor->turnover * (s->divided[k] ? 1.0 - actor->instability : actor->instability);
}

static void price_calls(struct crisis *s)
{
    double review = s->m->w.c->alliance_review, still = 1.0, still_reviewed = 1.0;
    int casus = s->m->w.casus;
    s->are_calls_priced = 1;
    for (int n = 0; n < s->n_restless; n++)
        still *= 1.0 - change_of_government(s, s->restless[n]);
    still_reviewed = still;
    if (s->height[A] >= casus || s->height[B] >= casus || s->height[A] >= TOP - 1
        || s->height[B] >= TOP - 1) {
        if (!s->is_balance_known)
            weigh(s);
        for (int n = 0; n < s->n_live; n++) {
            struct call *call = s->live[n];
            double full = 1.0, reviewed = 1.0, able = tempo(s, call->actor);
            if (call->first != NOBODY && s->height[!call->side] >= casus) {
                double common = tie_odds(s, call);
                for (int l = call->first; l != NOBODY; l = s->links[l].next) {
                    double hazard = able * tie_hazard(s, call, s->links[l].promise, common);
                    full *= 1.0 - hazard;
                    reviewed *= 1.0 - review * hazard;
                }
            }
            double hazard = able * rival_hazard(s, call);
            full *= 1.0 - hazard;
            reviewed *= 1.0 - review * hazard;
            call->full = 1.0 - full;
            call->reviewed = 1.0 - reviewed;
            still *= full;
            still_reviewed *= reviewed;
        }
    } else {
        for (int n = 0; n < s->n_live; n++)
            s->live[n]->full = s->live[n]->reviewed = 0.0;
    }
    s->stirred_below[1] = threshold(1.0 - still);
    s->stirred_below[0] = threshold(1.0 - still_reviewed);
}

/* Which hazard of a call that is heeded was the first to fire. */
static void find_cause(struct crisis *s, const struct call *call, int *cause, int *through)
{
    double share = (s->is_news ? 1.0 : s->m->w.c->alliance_review) * tempo(s, call->actor);
    double common = tie_odds(s, call), out = 1.0, reached = 0.0;
    double drawn = uniform(&s->source) * (s->is_news ? call->full : call->reviewed);
    *cause = OPPORTUNISM;
    *through = NOBODY;
    for (int l = call->first; l != NOBODY; l = s->links[l].next) {
        double hazard = share * tie_hazard(s, call, s->links[l].promise, common);
        reached += out * hazard;
        out *= 1.0 - hazard;
        if (drawn < reached || (s->links[l].next == NOBODY && rival_hazard(s, call) == 0.0)) {
            *cause = TREATY;
            *through = s->links[l].promise->to;
            return;
        }
    }
}

struct entry {
    int actor, side, cause, through;
};

/* Given that something happens: which calls are heeded, which governments change. Each is drawn
 * in turn, given that nothing has happened before it and that something still has to.
 * Returns how many come in; the governments that change are put into `changed`. */
static __attribute__((noinline)) int stir_somebody(struct crisis *s, struct entry *entries,
                                                   int *changed, int *n_changed)
{
    int n_calls = s->n_live, n_all = n_calls + s->n_restless, n_entries = 0, is_done = 0;
    double *still = s->still;
    *n_changed = 0;
    still[n_all] = 1.0;
    for (int n = n_all - 1; n >= 0; n--) {
        double chance = n >= n_calls ? change_of_government(s, s->restless[n - n_calls])
                        : s->is_news ? s->live[n]->full
                                     : s->live[n]->reviewed;
        still[n] = still[n + 1] * (1.0 - chance);
    }
    for (int n = 0; n < n_all; n++) {
        double chance = n >= n_calls ? change_of_government(s, s->restless[n - n_calls])
                        : s->is_news ? s->live[n]->full
                                     : s->live[n]->reviewed;
        if (chance == 0.0 || uniform(&s->source) * (is_done ? 1.0 : 1.0 - still[n]) >= chance)
            continue;
        is_done = 1;
        if (n >= n_calls) {
            changed[(*n_changed)++] = s->restless[n - n_calls];
            continue;
        }
        struct entry entry = {.actor = s->live[n]->actor, .side = s->live[n]->side};
        find_cause(s, s->live[n], &entry.cause, &entry.through);
        entries[n_entries++] = entry;
    }
    /* Whoever is drawn to both sides at once stays out. */
    int n_kept = 0;
    for (int n = 0; n < n_entries; n++) {
        int is_torn = 0;
        for (int k = 0; k < n_entries; k++)
            is_torn |= k != n && entries[k].actor == entries[n].actor;
        entries[n].through = is_torn ? NOBODY - 1 : entries[n].through;
    }
    for (int n = 0; n < n_entries; n++)
        if (entries[n].through != NOBODY - 1)
            entries[n_kept++] = entries[n];
    return n_kept;
}

#endif
