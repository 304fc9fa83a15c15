/* Neutrals who come in, and governments that change. Both are rare, so each turn takes one
 * word for all of them together; only if some actor joins is it drawn which. */
#ifndef JOINING_H
#define JOINING_H

#include "crisis.h"

static inline double hazard(double odds) { return odds / (1.0 + odds); }

static inline double change_of_government(const struct crisis *s, int k)
{
    const struct actor *actor = &s->m->w.actors[k];
    return actor->turnover * (s->divided[k] ? 1.0 - actor->instability : actor->instability);
}

/* What sides, the balance and governments make of all calls, and whether governments change. */
static void weigh_calls(struct crisis *s)
{
    s->are_calls_weighed = 1;
    s->same_governments = 1.0;
    for (int n = 0; n < s->n_restless; n++)
        s->same_governments *= 1.0 - change_of_government(s, s->restless[n]);
    if (!s->is_balance_known)
        weigh(s);
    for (int side = A; side <= B; side++)
        for (int n = 0; n < s->n_live[side]; n++) {
            struct call *call = s->live[side][n];
            int k = call->actor;
            if (call->first != NOBODY)
                call->tie_odds = call->enemy->tie_odds * confidence(s, TIE, k, side)
                                 * (s->divided[k] ? s->m->divided_tie : 1.0);
            if (call->enemy->rival_odds > 0.0)
                call->rival_odds = call->enemy->rival_odds * confidence(s, RIVAL, k, side);
            for (int l = call->first; l != NOBODY; l = s->links[l].next) {
                const struct promise *promise = s->links[l].promise;
                int counts = what_counts(s, promise, !side);
                s->links[l].odds = side == A ? promise->odds_a[counts] : promise->odds_b[counts];
            }
        }
}

static inline void price_call(struct crisis *s, struct call *call, int height)
{
    double review = s->m->w.c->alliance_review, full = 1.0, reviewed = 1.0;
    if (call->first != NOBODY && height >= s->m->w.casus) {
        double odds = call->tie_odds * s->m->threat[height];
        for (int l = call->first; l != NOBODY; l = s->links[l].next) {
            double p = call->able * hazard(odds * s->links[l].odds);
            full *= 1.0 - p;
            reviewed *= 1.0 - review * p;
        }
    }
    if (height >= TOP - 1 && call->rival_odds > 0.0) {
        double p = call->able * hazard(call->rival_odds);
        full *= 1.0 - p;
        reviewed *= 1.0 - review * p;
    }
    s->still[call->side][0] *= reviewed;
    s->still[call->side][1] *= full;
    call->chance[0] = 1.0 - reviewed;
    call->chance[1] = 1.0 - full;
}

/* Find the chances of the calls to the sides for which they may have changed. */
static void price_calls(struct crisis *s)
{
    int least_height = s->m->w.casus < TOP - 1 ? s->m->w.casus : TOP - 1;
    if (!s->are_calls_weighed)
        weigh_calls(s);
    for (int side = A; side <= B; side++) {
        int height = s->height[!side];
        if (s->is_priced[side])
            continue;
        s->is_priced[side] = 1;
        s->still[side][0] = s->still[side][1] = 1.0;
        s->is_heard[side] = height >= least_height;
        if (!s->is_heard[side])
            continue;
        for (int n = 0; n < s->n_live[side]; n++)
            price_call(s, s->live[side][n], height);
    }
    for (int news = 0; news < 2; news++)
        s->stirred_below[news] = threshold(
            1.0 - s->still[A][news] * s->still[B][news] * s->same_governments);
}

/* Which hazard of a call that is answered was the first to fire. */
static void find_cause(struct crisis *s, const struct call *call, int *cause, int *through)
{
    int height = s->height[!call->side];
    double share = (s->is_news ? 1.0 : s->m->w.c->alliance_review) * call->able;
    double odds = call->tie_odds * s->m->threat[height], out = 1.0, reached = 0.0;
    double drawn = uniform(&s->source) * call->chance[s->is_news];
    int is_rival = height >= TOP - 1 && call->rival_odds > 0.0;
    for (int l = call->first; l != NOBODY; l = s->links[l].next) {
        const struct promise *promise = s->links[l].promise;
        double p = share * hazard(odds * s->links[l].odds);
        reached += out * p;
        out *= 1.0 - p;
        if (drawn < reached || (s->links[l].next == NOBODY && !is_rival)) {
            *cause = TREATY;
            *through = promise->to;
            return;
        }
    }
    *cause = OPPORTUNISM;
    *through = NOBODY;
}

struct entry {
    int actor, side, cause, through;
};

/* Given that something happens: which calls are answered, which governments change. Each is drawn
 * in turn, given that nothing has happened before it and that something still has to.
 * Returns how many come in; the governments that change are put into `changed`. */
static __attribute__((noinline)) int stir_somebody(struct crisis *s, struct entry *entries,
                                                   int *changed, int *n_changed)
{
    int n_to[2] = {s->is_heard[A] ? s->n_live[A] : 0, s->is_heard[B] ? s->n_live[B] : 0};
    int n_calls = n_to[A] + n_to[B], n_all = n_calls + s->n_restless, n_entries = 0, n_kept = 0;
    int is_done = 0;
    double *chances = s->chances, *quiet = s->quiet;
    *n_changed = 0;
    quiet[n_all] = 1.0;
    for (int n = n_all - 1; n >= 0; n--) {
        const struct call *call = NULL;
        if (n < n_calls)
            call = n < n_to[A] ? s->live[A][n] : s->live[B][n - n_to[A]];
        chances[n] = call == NULL ? change_of_government(s, s->restless[n - n_calls])
                                  : call->chance[s->is_news];
        quiet[n] = quiet[n + 1] * (1.0 - chances[n]);
    }
    for (int n = 0; n < n_all; n++) {
        double range = is_done ? 1.0 : 1.0 - quiet[n];
        if (chances[n] == 0.0 || uniform(&s->source) * range >= chances[n])
            continue;
        is_done = 1;
        if (n >= n_calls) {
            changed[(*n_changed)++] = s->restless[n - n_calls];
            continue;
        }
        struct entry *entry = &entries[n_entries++];
        const struct call *call = n < n_to[A] ? s->live[A][n] : s->live[B][n - n_to[A]];
        *entry = (struct entry){.actor = call->actor, .side = call->side};
        find_cause(s, call, &entry->cause, &entry->through);
    }
    for (int n = 0; n < n_entries; n++) {
        int is_torn = 0; /* an actor drawn to both sides at once stays out */
        for (int k = 0; k < n_entries; k++)
            is_torn |= k != n && entries[k].actor == entries[n].actor;
        if (is_torn)
            entries[n].side = NEUTRAL;
    }
    for (int n = 0; n < n_entries; n++)
        if (entries[n].side != NEUTRAL)
            entries[n_kept++] = entries[n];
    return n_kept;
}

#endif
