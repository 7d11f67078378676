package io.j8s.apiserver.flow;

import io.j8s.model.flowcontrol.v1.PriorityLevelConfiguration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// A PriorityLevelConfiguration, with its share of the seats worked out.
///
/// @param exempt whether its requests always run
/// @param queues whether requests wait when all seats are taken; if not, they are turned away
/// @param flowLimit, limit how many requests of one flow, and of all, may wait
/// @param nominal its seats
/// @param lower those of them that it never lends
/// @param upper how many it may have with borrowed ones
record LevelRule(String name, String uid, boolean exempt, boolean queues, int flowLimit, int limit, int nominal, int lower, int upper, int declaredQueues) {

    /// All levels by name.
    ///
    /// @param seats of the server
    static Map<String, LevelRule> all(Collection<PriorityLevelConfiguration> levels, int seats) {
        int shares = levels.stream().mapToInt(LevelRule::shares).sum();
        Map<String, LevelRule> all = new HashMap<>();
        levels.forEach(level -> all.put(level.metadata().name(), of(level, seats, shares)));
        return Map.copyOf(all);
    }

    private static int shares(PriorityLevelConfiguration level) {
        return level.spec().type().equals("Exempt") ? level.spec().exempt().nominalConcurrencyShares() : level.spec().limited().nominalConcurrencyShares();
    }

    private static LevelRule of(PriorityLevelConfiguration level, int seats, int shares) {
        boolean exempt = level.spec().type().equals("Exempt");
        var limited = level.spec().limited();
        var queuing = limited.limitResponse().queuing();
        int nominal = shares == 0 ? 0 : Math.ceilDiv(seats * shares(level), shares);
        int lendable = exempt ? level.spec().exempt().lendablePercent() : limited.lendablePercent();
        int lower = nominal - Math.round(nominal * lendable / 100f);
        int upper = limited.hasBorrowingLimitPercent() ? nominal + Math.round(nominal * limited.borrowingLimitPercent() / 100f) : seats;
        int length = Math.max(1, queuing.queueLengthLimit());
        int hand = Math.max(1, queuing.handSize());
        int queues = Math.max(1, queuing.queues());
        return new LevelRule(level.metadata().name(), level.metadata().uid(), exempt, limited.limitResponse().type().equals("Queue"),
                length * Math.min(hand, queues), length * queues, nominal, lower, upper, queues);
    }
}
