package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.flowcontrol.v1.ExemptPriorityLevelConfiguration;
import io.j8s.model.flowcontrol.v1.LimitResponse;
import io.j8s.model.flowcontrol.v1.LimitedPriorityLevelConfiguration;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfigurationSpec;
import io.j8s.model.flowcontrol.v1.QueuingConfiguration;
import java.util.Map;
import java.util.Set;

/// The rules for priority levels.
final class PriorityLevelRules {

    private static final String EXEMPT = "Exempt";
    private static final String ZERO_SHARES = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
    private static final int MOST_QUEUES = 10_000_000;
    private static final int HASH_BITS = 60;

    private PriorityLevelRules() {}

    static void check(String name, Map<String, String> annotations, PriorityLevelConfigurationSpec spec, FieldErrors errors) {
        if (annotations.containsKey(ZERO_SHARES)) {
            errors.forbidden(FieldPath.of("metadata").child("annotations"), "annotation '" + ZERO_SHARES + "' is forbidden");
        }
        FieldPath path = FieldPath.of("spec");
        if (name.equals("exempt") != spec.type().equals(EXEMPT)) {
            errors.invalid(path.child("type"), spec.type(), "must be 'Exempt' if and only if `name` is 'exempt'");
        }
        switch (spec.type()) {
            case EXEMPT -> {
                if (spec.hasLimited()) {
                    errors.forbidden(path.child("limited"), "must be nil if the type is not Limited");
                }
                exempt(spec.exempt(), path.child("exempt"), errors);
            }
            case "Limited" -> {
                if (spec.hasExempt()) {
                    errors.forbidden(path.child("exempt"), "must be nil if the type is Limited");
                }
                if (spec.hasLimited()) {
                    limited(spec.limited(), path.child("limited"), errors);
                } else {
                    errors.required(path.child("limited"), "must not be empty when type is Limited");
                }
            }
            case "" -> errors.required(path.child("type"));
            default -> errors.notSupported(path.child("type"), spec.type(), Set.of(EXEMPT, "Limited"));
        }
    }

    private static void exempt(ExemptPriorityLevelConfiguration exempt, FieldPath path, FieldErrors errors) {
        NumberRules.notNegative(exempt.nominalConcurrencyShares(), path.child("nominalConcurrencyShares"), errors);
        NumberRules.between(exempt.lendablePercent(), 0, 100, path.child("lendablePercent"), errors);
    }

    private static void limited(LimitedPriorityLevelConfiguration limited, FieldPath path, FieldErrors errors) {
        NumberRules.notNegative(limited.nominalConcurrencyShares(), path.child("nominalConcurrencyShares"), errors);
        response(limited.limitResponse(), path.child("limitResponse"), errors);
        NumberRules.between(limited.lendablePercent(), 0, 100, path.child("lendablePercent"), errors);
        NumberRules.notNegative(limited.borrowingLimitPercent(), path.child("borrowingLimitPercent"), errors);
    }

    private static void response(LimitResponse response, FieldPath path, FieldErrors errors) {
        FieldPath queuing = path.child("queuing");
        switch (response.type()) {
            case "Reject" -> {
                if (response.hasQueuing()) {
                    errors.forbidden(queuing, "must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (response.hasQueuing()) {
                    queuing(response.queuing(), queuing, errors);
                } else {
                    errors.required(queuing, "must not be empty if limited.limitResponse.type is Limited");
                }
            }
            case "" -> errors.required(path.child("type"));
            default -> errors.notSupported(path.child("type"), response.type(), Set.of("Queue", "Reject"));
        }
    }

    private static void queuing(QueuingConfiguration queuing, FieldPath path, FieldErrors errors) {
        int queues = queuing.queues();
        int hand = queuing.handSize();
        if (queuing.queueLengthLimit() <= 0) {
            errors.invalid(path.child("queueLengthLimit"), queuing.queueLengthLimit(), "must be positive");
        }
        if (queues <= 0) {
            errors.invalid(path.child("queues"), queues, "must be positive");
        } else if (queues > MOST_QUEUES) {
            errors.invalid(path.child("queues"), queues, "must not be greater than " + MOST_QUEUES);
        }
        if (hand <= 0) {
            errors.invalid(path.child("handSize"), hand, "must be positive");
        } else if (hand > queues) {
            errors.invalid(path.child("handSize"), hand, "should not be greater than queues (" + queues + ")");
        } else if (entropyBits(queues, hand) > HASH_BITS) {
            errors.invalid(path.child("handSize"), hand, "required entropy bits of deckSize " + queues + " and handSize " + hand + " should not be greater than " + HASH_BITS);
        }
    }

    /// How many bits of a hash it takes to deal a hand from so many queues.
    private static int entropyBits(int queues, int hand) {
        double bits = 0;
        for (int i = 0; i < hand && bits <= HASH_BITS; i++) {
            bits += Math.log(queues - i) / Math.log(2);
        }
        return (int) Math.ceil(bits);
    }
}
