/* Where a chain stands: who is engaged, who looks on, and what is remembered of both. */
#ifndef CRISIS_H
#define CRISIS_H

#include "model.h"

enum { TREATY = 2, OPPORTUNISM = 3, NOBODY = -1 };
enum { DETERRED, SETTLED, MEDIATED, STALEMATE, LIMITED_WAR, GENERAL_WAR };

/* One who is engaged. Laws are known without (0) and with (1) a mediator. */
struct member {
    lanes below;      /* distribution function of the rung that it takes to face it, */
    lanes chance;     /* and the chance of each */
    lanes rise[2];    /* chance to go up, once able to move, by rung read */
    int64_t up_below[2], down_from[2];
    int actor, side, slot, rung, peak, entry_turn, cause, through;
    int n_pledges, moved_in;
    int is_stance_known, is_reading_known, is_law_known[2];
    const struct relation *enemy;      /* what the opposite originator is to it */
    const lanes **views;               /* by slot opposite: sightings of that one */
    struct pledge *pledges;            /* the first `n_pledges` */
    double consultation, nuclear;
    double restraint, protocol, nuclear_fear; /* factors of the odds of going up */
    double braked_by, feared;                 /* what those factors were worked out from */
    double up, down;                          /* its odds, whatever the rungs */
    double tempo, per_word; /* chance that it is able to move, and what a word is of it */
    int64_t able_below;
};

/* An ally whom a member has promised defence. */
struct pledge {
    int ally;
    double strength, reassurance;
};

/* A neutral who may be drawn to one side. */
struct call {
    int actor, side, place; /* place among the live ones, NOBODY if it is none of them */
    int first;              /* of its promises to those on the side, in rising order of these */
    const struct relation *enemy;
    double able;                 /* chance that it is able to come in */
    double tie_odds, rival_odds; /* with the present balance and governments */
    double chance[2];            /* that it is answered, without news and on news */
};

struct link {
    const struct promise *promise;
    int next;
    double odds; /* what the promise makes of those of its call as sides are now */
};

/* A neutral on whose help a side counts. */
struct helper {
    int actor;
    const struct promise *promise; /* to the originator, or none */
    double support, weight;
};

struct move {
    struct member *member;
    int step, is_misread;
};

struct crisis {
    const struct model *m;
    struct source source;
    /* by actor */
    uint8_t *side, *divided, *is_known, *is_watching;
    int *arms, *place; /* place: among the members */
    struct call (*calls)[2];
    int (*helper_of)[2];
    /* lists */
    struct member *members;
    struct member **active; /* not at war yet */
    const lanes **views;    /* [member, slot opposite] */
    struct pledge *pledges; /* [member, which] */
    int *rungs[2];          /* by slot */
    int *sides[2], *known, *watching, *restless;
    struct helper *helpers[2];
    struct call **live[2]; /* by side */
    struct link *links;
    struct move *moves;
    double *chances, *quiet; /* scratch of stir_somebody */
    int n_members, n_sides[2], n_active, n_known, n_watching, n_restless;
    int n_helpers[2], n_live[2], n_links, n_moves;
    /* the crisis */
    int originator[2], domain, drawn_initiator, drawn_target, is_accident, is_misattributed;
    int turn, is_news, is_mediated, war_turn, misreads, war_began_misread, outcome;
    int standing[2][RUNGS], has_stirred[2], height[2], highest[2], n_above_calm;
    double power[2], balance;
    double confidence[KINDS][2]; /* e^(weight balance) as each side has it */
    int is_balance_known, are_calls_weighed;
    int is_priced[2];               /* whether the calls to a side are, */
    int is_heard[2];                /* and whether the other side stands high enough for any */
    double still[2][2];             /* [side, on news]: chance that no call to it is answered */
    double same_governments;        /* chance that none changes */
    const int64_t *mediated_below;  /* words that mean mediation, by highest rung */
    int64_t stirred_below[2];       /* [on news]: that a call is answered or a government changes */
};

/* Which of the two kinds of promise counts against the side `enemy`. */
static inline int what_counts(const struct crisis *s, const struct promise *promise, int enemy)
{
    if (!promise->is_conditional_on_enemies)
        return D_COUNTS | O_COUNTS;
    const struct dyad *d = dyad(s->m, promise->from, promise->to);
    const uint32_t *links = s->m->w.links;
    int counts = 0;
    if (d->defence_against == d->defence_against_end)
        counts |= D_COUNTS;
    for (int a = d->defence_against; a < d->defence_against_end; a++)
        if (s->side[links[a]] == enemy)
            counts |= D_COUNTS;
    if (d->offence_against == d->offence_against_end)
        counts |= O_COUNTS;
    for (int a = d->offence_against; a < d->offence_against_end; a++)
        if (s->side[links[a]] == enemy)
            counts |= O_COUNTS;
    return counts;
}

static double side_power(const struct crisis *s, int side)
{
    const struct model *m = s->m;
    double total = s->power[side];
    for (int n = 0; n < s->n_helpers[side]; n++) {
        const struct helper *helper = &s->helpers[side][n];
        int k = helper->actor;
        if (s->side[k] != NEUTRAL)
            continue;
        double share = m->w.c->alliance_aid * helper->support;
        if (helper->promise != NULL) {
            const struct promise *promise = helper->promise;
            const double *credit = side == A ? promise->credit_a : promise->credit_b;
            double believed = credit[what_counts(s, promise, !side)]
                              * m->firmness[k * 2 + s->divided[k]];
            share += m->w.c->deterrence_latent * least(1.0, believed);
        }
        total += least(1.0, share) * helper->weight;
    }
    return total;
}

static void weigh(struct crisis *s)
{
    double ours = side_power(s, A), theirs = side_power(s, B);
    s->balance = ours + theirs == 0.0 ? 0.0 : (ours - theirs) / (ours + theirs);
    s->is_balance_known = 1;
    for (int kind = 0; kind < KINDS; kind++) {
        double factor = exp(s->m->weight[kind] * s->balance);
        s->confidence[kind][A] = factor;
        s->confidence[kind][B] = 1.0 / factor;
    }
}

/* e^(weight of the balance as `i` sees it from `side`). */
static inline double confidence(const struct crisis *s, int kind, int i, int side)
{
    double seen = (side == A ? s->balance : -s->balance) + s->m->w.actors[i].optimism;
    if (seen > 1.0)
        return s->m->most[kind];
    if (seen < -1.0)
        return s->m->least[kind];
    return s->confidence[kind][side] * s->m->optimism[kind][i];
}

/* Sides or governments have changed. */
static void unsettle(struct crisis *s)
{
    s->is_balance_known = s->are_calls_weighed = s->is_priced[A] = s->is_priced[B] = 0;
    for (int n = 0; n < s->n_active; n++) {
        struct member *member = s->active[n];
        member->is_stance_known = member->is_law_known[0] = member->is_law_known[1] = 0;
    }
}

static void find_government(struct crisis *s, int k)
{
    if (s->is_known[k])
        return;
    double instability = s->m->w.actors[k].instability;
    s->is_known[k] = 1;
    s->known[s->n_known++] = k;
    s->divided[k] = instability > 0.0 && happens(&s->source, instability);
}

static inline void go_live(struct crisis *s, struct call *call)
{
    if (call->place == NOBODY) {
        call->place = s->n_live[call->side];
        s->live[call->side][s->n_live[call->side]++] = call;
    }
}

static void fall_silent(struct crisis *s, struct call *call)
{
    if (call->place == NOBODY)
        return;
    struct call *last = s->live[call->side][--s->n_live[call->side]];
    s->live[call->side][call->place] = last;
    last->place = call->place;
    call->place = NOBODY;
}

/* `k`, neutral, looks on from now on. */
static void watch(struct crisis *s, int k)
{
    if (s->is_watching[k] || s->side[k] != NEUTRAL)
        return;
    s->is_watching[k] = 1;
    s->watching[s->n_watching++] = k;
    find_government(s, k);
    if (s->m->w.actors[k].turnover > 0.0)
        s->restless[s->n_restless++] = k;
    double able = s->m->tempo[k * (s->m->w.arms_levels + 1) + s->arms[k]];
    for (int side = A; side <= B; side++) {
        struct call *call = &s->calls[k][side];
        *call = (struct call){.actor = k, .side = side, .place = NOBODY, .first = NOBODY,
                              .able = able};
        call->enemy = relation(s->m, k, s->originator[!side]);
        if (call->enemy->rivalry > 0.0)
            go_live(s, call);
        s->helper_of[k][side] = NOBODY;
    }
}

/* Neutral `promise->from` has promised something to one who is on `side` now. */
static void count_on(struct crisis *s, const struct promise *promise, int side)
{
    int k = promise->from;
    int is_to_originator = promise->to == (uint32_t)s->originator[side];
    if (promise->is_pledge) {
        struct call *call = &s->calls[k][side];
        int *into = &call->first;
        while (*into != NOBODY && s->links[*into].promise->to < promise->to)
            into = &s->links[*into].next;
        s->links[s->n_links] = (struct link){.promise = promise, .next = *into};
        *into = s->n_links++;
        go_live(s, call);
    }
    if (promise->support > 0.0 || (is_to_originator && promise->is_pledge)) {
        int *place = &s->helper_of[k][side];
        if (*place == NOBODY) {
            int levels = s->m->w.arms_levels + 1;
            *place = s->n_helpers[side]++;
            s->helpers[side][*place] = (struct helper){
                .actor = k,
                .weight = s->m->capability[k * levels + s->arms[k]] * s->calls[k][side].enemy->reach,
            };
        }
        struct helper *helper = &s->helpers[side][*place];
        helper->support = greatest(helper->support, promise->support);
        if (is_to_originator && promise->is_pledge)
            helper->promise = promise;
    }
}

/* What `other` is to `one`, both engaged. */
static inline void meet(struct crisis *s, struct member *one, const struct member *other)
{
    const struct relation *r = relation(s->m, one->actor, other->actor);
    if (one->side != other->side) {
        one->is_reading_known = 0;
        one->views[other->slot] = sightings(s->m, one->actor, other->actor, s->domain);
        if (s->m->w.actors[other->actor].nuclear)
            one->nuclear = greatest(one->nuclear, r->reach);
        return;
    }
    one->consultation += r->consultation;
    if (r->defence > 0.0)
        one->pledges[one->n_pledges++] = (struct pledge){
            .ally = other - s->members, .strength = r->defence, .reassurance = r->reassurance,
        };
}

static void enlist(struct crisis *s, int k, int side, int rung, int cause, int through)
{
    const struct model *m = s->m;
    int levels = m->w.arms_levels + 1;
    if (s->is_watching[k]) {
        fall_silent(s, &s->calls[k][A]);
        fall_silent(s, &s->calls[k][B]);
    } else {
        find_government(s, k);
        if (m->w.actors[k].turnover > 0.0)
            s->restless[s->n_restless++] = k;
    }
    struct member *me = &s->members[s->n_members];
    *me = (struct member){
        .actor = k, .side = side, .slot = s->n_sides[side], .rung = rung, .peak = rung,
        .entry_turn = s->turn, .cause = cause, .through = through,
        .enemy = relation(m, k, s->originator[!side]),
        .restraint = 1.0, .protocol = 1.0, .nuclear_fear = 1.0,
        .tempo = m->tempo[k * levels + s->arms[k]],
        .views = s->views + (size_t)s->n_members * m->w.n_actors,
        .pledges = s->pledges + (size_t)s->n_members * m->w.n_actors,
    };
    me->able_below = threshold(me->tempo);
    me->per_word = 0x1p-32 / me->tempo;
    for (int n = 0; n < s->n_members; n++) {
        meet(s, me, &s->members[n]);
        meet(s, &s->members[n], me);
    }
    s->side[k] = side;
    s->place[k] = s->n_members;
    s->rungs[side][me->slot] = rung;
    s->sides[side][s->n_sides[side]++] = s->n_members;
    s->active[s->n_active++] = me;
    s->n_members++;
    s->standing[side][rung]++;
    s->has_stirred[side] = 1;
    s->n_above_calm += rung > 0;
    s->power[side] += m->capability[k * levels + s->arms[k]] * me->enemy->reach;
    for (int p = m->owed[k]; p < m->owed[k + 1]; p++) {
        const struct promise *promise = &m->promises[p];
        if (s->side[promise->from] == NEUTRAL) {
            watch(s, promise->from);
            count_on(s, promise, side);
        }
    }
    unsettle(s);
}

static inline void set_heights(struct crisis *s)
{
    for (int side = A; side <= B; side++) {
        if (!s->has_stirred[side])
            continue;
        s->has_stirred[side] = 0;
        int h = TOP;
        while (h > 0 && s->standing[side][h] == 0)
            h--;
        if (h != s->height[side])
            s->is_priced[!side] = 0;
        s->height[side] = h;
    }
}

static void disband(struct crisis *s)
{
    for (int n = 0; n < s->n_members; n++)
        s->side[s->members[n].actor] = NEUTRAL;
    for (int n = 0; n < s->n_watching; n++)
        s->is_watching[s->watching[n]] = 0;
    s->n_members = s->n_sides[A] = s->n_sides[B] = s->n_active = 0;
    s->n_watching = s->n_restless = s->n_live[A] = s->n_live[B] = s->n_links = s->n_moves = 0;
    s->n_helpers[A] = s->n_helpers[B] = s->n_above_calm = 0;
    s->power[A] = s->power[B] = 0.0;
    memset(s->standing, 0, sizeof s->standing);
}

static void open_crisis(struct crisis *s, int initiator, int target)
{
    const struct world *w = &s->m->w;
    int rung = w->domains[s->domain].rung;
    s->turn = s->war_turn = s->misreads = s->war_began_misread = s->is_mediated = 0;
    s->is_news = 1;
    s->originator[A] = initiator;
    s->originator[B] = target;
    s->highest[A] = rung;
    s->highest[B] = 0;
    int arms = s->arms[initiator] > s->arms[target] ? s->arms[initiator] : s->arms[target];
    s->mediated_below = s->m->mediated_below[arms];
    enlist(s, initiator, A, rung, A, NOBODY);
    enlist(s, target, B, 0, B, NOBODY);
    for (int side = A; side <= B; side++) {
        const struct actor *o = &w->actors[s->originator[side]];
        for (int r = o->rivals; r < o->rivals_end; r++)
            watch(s, w->links[r]);
    }
    s->height[A] = rung;
    s->height[B] = 0;
}

#endif
