/* Perception and response: the law of each member's move, remembered until it may have changed. */
#ifndef MOVES_H
#define MOVES_H

#include "crisis.h"

static inline double sum(lanes x)
{
    double total = 0.0;
    for (int s = 0; s < LANES; s++)
        total += x[s];
    return total;
}

static inline lanes shifted(lanes x) /* each place gets what stood below it, the lowest 0 */
{
    const lanes none = {0};
    places from;
    for (int s = 0; s < LANES; s++)
        from[s] = s == 0 ? LANES : s - 1;
    return __builtin_shuffle(x, none, from);
}

/* Factors of the odds that hold whatever the rungs. */
static void take_stance(struct crisis *s, struct member *me)
{
    const struct coefficients *c = s->m->w.c;
    if (!s->is_balance_known)
        weigh(s);
    double confident = confidence(s, RESPONSE, me->actor, me->side);
    me->up = me->enemy->up * confident;
    me->down = me->enemy->down / confident;
    if (s->divided[me->actor])
        me->up *= s->m->divided_up;
    if (me->consultation != me->braked_by) {
        double bound = least(1.0, me->consultation);
        me->braked_by = me->consultation;
        me->restraint = exp(-c->response_restraint * bound);
        me->protocol = exp(-c->response_protocol * bound);
    }
    if (me->nuclear != me->feared) {
        me->feared = me->nuclear;
        me->nuclear_fear = exp(-c->response_nuclear * me->nuclear);
    }
    me->up *= me->restraint;
    me->is_stance_known = 1;
}

static inline double reassurance(const struct crisis *s, const struct member *me)
{
    double strongest = 0.0, factor = 1.0;
    if (me->n_pledged == 0)
        return 1.0;
    for (int n = 0; n < s->n_sides[me->side]; n++) {
        const struct member *ally = &s->members[s->sides[me->side][n]];
        if (ally->rung > me->rung) {
            const struct relation *r = relation(s->m, me->actor, ally->actor);
            if (r->defence > strongest) {
                strongest = r->defence;
                factor = r->reassurance;
            }
        }
    }
    return factor;
}

/* Distribution function of the rung that it takes to face it. */
static inline lanes reading(const struct crisis *s, const struct member *me)
{
    const int *opposite = s->sides[!me->side];
    int n_opposite = s->n_sides[!me->side];
    lanes below = {0};
    below += 1.0;
    for (int n = 0; n < n_opposite; n++) {
        const struct member *other = &s->members[opposite[n]];
        below *= sightings(s->m, me->actor, other->actor, s->domain)[other->rung];
    }
    return below;
}

/* For each rung read, the chances of going up and down once it is able to move. */
static inline void answers(const struct crisis *s, const struct member *me, int mediated,
                           lanes *rise, lanes *fall)
{
    const struct model *m = s->m;
    int h = me->rung;
    double up = me->up * m->rung_up[h] * reassurance(s, me);
    double down = me->down * m->rung_down[h];
    if (h == m->w.mobilised - 1)
        up *= me->protocol;
    if (h == TOP - 1)
        up *= me->nuclear_fear;
    if (mediated)
        down *= m->mediated_down;
    lanes to_rise = up * m->pull_up[h], to_fall = down * m->pull_down[h];
    lanes share = 1.0 / (1.0 + to_rise + to_fall);
    *rise = to_rise * share;
    *fall = to_fall * share;
}

static void find_law(struct crisis *s, struct member *me, int mediated)
{
    if (!me->is_stance_known)
        take_stance(s, me);
    lanes below = reading(s, me), rise, fall;
    lanes chance = below - shifted(below);
    answers(s, me, mediated, &rise, &fall);
    double free = me->tempo * s->m->freedom[me->actor * RUNGS + me->rung];
    me->up_below[mediated] = threshold(me->tempo * sum(chance * rise));
    me->down_from[mediated] = ((int64_t)1 << 32) - threshold(free * sum(chance * fall));
    me->is_law_known |= 1 << mediated;
}

/* The accurate reading at `u`: the smallest rung at which its distribution function reaches it. */
static int accurate(const struct crisis *s, const struct member *me, double u)
{
    const int *opposite = s->sides[!me->side];
    int n_opposite = s->n_sides[!me->side];
    double below = 1.0;
    for (int h = s->height[!me->side]; h > 0; h--) {
        if (s->standing[!me->side][h] == 0)
            continue;
        for (int n = 0; n < n_opposite; n++) {
            const struct member *other = &s->members[opposite[n]];
            if (other->rung == h)
                below *= 1.0 - relation(s->m, me->actor, other->actor)->reach;
        }
        if (below < u)
            return h;
    }
    return 0;
}

/* Whether an up-move would not have been made on the accurate reading. Given that it goes up,
 * its reading has chances in proportion to those of reading it and going up. */
static int is_misread(struct crisis *s, const struct member *me, int mediated)
{
    lanes below = reading(s, me), rise, fall;
    lanes chance = below - shifted(below);
    answers(s, me, mediated, &rise, &fall);
    lanes both = chance * rise;
    double left = uniform(&s->source) * sum(both);
    int seen = 0;
    while (seen < TOP && left >= both[seen])
        left -= both[seen++];
    double u = below[seen] - chance[seen] * uniform(&s->source);
    int truth = accurate(s, me, u);
    return truth != seen && uniform(&s->source) * rise[seen] >= rise[truth];
}

/* Draw what everybody does who is not at war yet. */
static inline void respond(struct crisis *s)
{
    int mediated = s->is_mediated;
    s->n_moves = 0;
    for (int n = 0; n < s->n_active; n++) {
        struct member *me = &s->members[s->active[n]];
        if (!(me->is_law_known & 1 << mediated))
            find_law(s, me, mediated);
        int64_t drawn = word(&s->source);
        if (drawn < me->up_below[mediated])
            s->moves[s->n_moves++] = (struct move){s->active[n], 1, is_misread(s, me, mediated)};
        else if (drawn >= me->down_from[mediated])
            s->moves[s->n_moves++] = (struct move){s->active[n], -1, 0};
    }
}

static inline void put(struct crisis *s, struct member *me, int rung)
{
    s->standing[me->side][me->rung]--;
    s->standing[me->side][rung]++;
    s->n_above_calm += (rung > 0) - (me->rung > 0);
    me->rung = rung;
    if (rung > me->peak)
        me->peak = rung;
}

/* Forget the laws in which the rung of one of those who moved counts. */
static inline void stir(struct crisis *s, const int *stirred, int n_stirred)
{
    int has_moved[2] = {0, 0};
    for (int n = 0; n < n_stirred; n++)
        has_moved[s->members[stirred[n]].side] = 1;
    for (int n = 0; n < s->n_active; n++) {
        struct member *me = &s->members[s->active[n]];
        if (has_moved[!me->side]) {
            me->is_law_known = 0;
        } else if (has_moved[me->side] && me->is_law_known) {
            for (int k = 0; k < n_stirred; k++) {
                const struct member *other = &s->members[stirred[k]];
                if (other == me
                    || (me->n_pledged && other->side == me->side
                        && relation(s->m, me->actor, other->actor)->defence > 0.0))
                    me->is_law_known = 0;
            }
        }
    }
}

static inline void leave_the_active(struct crisis *s)
{
    for (int n = 0; n < s->n_active;)
        if (s->members[s->active[n]].rung == TOP)
            s->active[n] = s->active[--s->n_active];
        else
            n++;
}

static inline void make_moves(struct crisis *s, int *stirred)
{
    int n_stirred = 0, climbs = 0, misread_climbs = 0, has_gone_to_war[2] = {0, 0};
    for (int n = 0; n < s->n_moves; n++) {
        const struct move *move = &s->moves[n];
        struct member *me = &s->members[move->member];
        int rung = me->rung + move->step;
        s->misreads += move->is_misread;
        put(s, me, rung);
        stirred[n_stirred++] = move->member;
        if (rung == TOP) {
            climbs++;
            misread_climbs += move->is_misread;
            has_gone_to_war[me->side] = 1;
        }
    }
    if (climbs > 0) {
        for (int side = A; side <= B; side++) {
            struct member *o = &s->members[!side]; /* originators come first, A's before B's */
            if (has_gone_to_war[side] && o->rung != TOP) {
                put(s, o, TOP);
                stirred[n_stirred++] = !side;
            }
        }
        if (s->war_turn == 0) {
            s->war_turn = s->turn;
            s->war_began_misread = misread_climbs == climbs;
        }
        leave_the_active(s);
    }
    stir(s, stirred, n_stirred);
}

#endif
