package io.j8s.apiserver.admission.quota;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.LimitRangeItem;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One item of a limit range against what one container, pod or claim asks for.
record Bounds(LimitRangeItem item, Map<String, Quantity> requests, Map<String, Quantity> limits) {

    void check(List<String> problems) {
        item.min().forEach((name, least) -> checkLeast(name, least, problems));
        item.max().forEach((name, most) -> checkMost(name, most, problems));
        item.maxLimitRequestRatio().forEach((name, most) -> checkRatio(name, most, problems));
    }

    /// Claims have requests only.
    void checkClaim(List<String> problems) {
        item.min().forEach((name, least) -> checkLeast(name, least, problems));
        item.max().forEach((name, most) -> {
            Quantity request = requests.get(name);
            if (request == null) {
                problems.add(said("maximum", name, most) + ".  No request is specified");
            } else if (request.compareTo(most) > 0) {
                problems.add(said("maximum", name, most) + ", but request is " + request);
            }
        });
    }

    private String said(String bound, String name, Quantity amount) {
        return bound + " " + name + " usage per " + item.type() + " is " + amount;
    }

    private void checkLeast(String name, Quantity least, List<String> problems) {
        Quantity request = requests.get(name);
        Quantity limit = limits.get(name);
        if (request == null) {
            problems.add(said("minimum", name, least) + ".  No request is specified");
        } else if (request.compareTo(least) < 0) {
            problems.add(said("minimum", name, least) + ", but request is " + request);
        } else if (limit != null && limit.compareTo(least) < 0) {
            problems.add(said("minimum", name, least) + ", but limit is " + limit);
        }
    }

    private void checkMost(String name, Quantity most, List<String> problems) {
        Quantity request = requests.get(name);
        Quantity limit = limits.get(name);
        if (limit == null) {
            problems.add(said("maximum", name, most) + ".  No limit is specified");
        } else if (limit.compareTo(most) > 0) {
            problems.add(said("maximum", name, most) + ", but limit is " + limit);
        } else if (request != null && request.compareTo(most) > 0) {
            problems.add(said("maximum", name, most) + ", but request is " + request);
        }
    }

    private void checkRatio(String name, Quantity most, List<String> problems) {
        Quantity request = requests.get(name);
        Quantity limit = limits.get(name);
        String said = name + " max limit to request ratio per " + item.type() + " is " + most;
        if (nothing(request)) {
            problems.add(said + ", but no request is specified or request is 0");
        } else if (nothing(limit)) {
            problems.add(said + ", but no limit is specified or limit is 0");
        } else if (request != null && limit != null) {
            BigDecimal ratio = limit.amount().divide(request.amount(), MathContext.DECIMAL64);
            if (ratio.compareTo(most.amount()) > 0) {
                problems.add(said + ", but provided ratio is " + ratio.setScale(6, java.math.RoundingMode.HALF_EVEN).toPlainString());
            }
        }
    }

    private static boolean nothing(@Nullable Quantity amount) {
        return amount == null || amount.isZero();
    }
}
