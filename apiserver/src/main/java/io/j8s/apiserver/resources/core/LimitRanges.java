package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.LimitRange;
import io.j8s.model.core.v1.LimitRangeItem;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// `limitranges`
final class LimitRanges {

    private static final FieldPath LIMITS = FieldPath.of("spec").child("limits");

    private LimitRanges() {}

    static Resource<LimitRange> resource() {
        return Resource.of(LimitRange.RESOURCE)
                .shortNames("limits")
                .createsOnUpdate()
                .defaults(sent -> sent.spec().limits().isEmpty() ? sent : sent.withSpec(spec -> spec.withLimits(Elements.map(spec.limits(), LimitRanges::withDefaults))))
                .metadataUpdateNotRevalidated()
                .prepareCreate((sent, context) -> sent.metadata().name().isEmpty() ? sent.withMetadata(meta -> meta.withName(meta.uid())) : sent)
                .rules(LimitRanges::rules)
                .build();
    }

    private static LimitRangeItem withDefaults(LimitRangeItem sent) {
        LimitRangeItem item = sent;
        if (item.type().equals("Container")) {
            Map<String, Quantity> limits = ResourceAmounts.filledUp(item.default_(), item.max());
            Map<String, Quantity> requests = ResourceAmounts.filledUp(ResourceAmounts.filledUp(item.defaultRequest(), limits), item.min());
            item = limits.isEmpty() ? item : item.withDefault(limits);
            item = requests.isEmpty() ? item : item.withDefaultRequest(requests);
        }
        item = item.hasMax() ? item.withMax(ResourceAmounts.rounded(item.max())) : item;
        item = item.hasMin() ? item.withMin(ResourceAmounts.rounded(item.min())) : item;
        item = item.hasDefault() ? item.withDefault(ResourceAmounts.rounded(item.default_())) : item;
        item = item.hasDefaultRequest() ? item.withDefaultRequest(ResourceAmounts.rounded(item.defaultRequest())) : item;
        return item.hasMaxLimitRequestRatio() ? item.withMaxLimitRequestRatio(ResourceAmounts.rounded(item.maxLimitRequestRatio())) : item;
    }

    private static void rules(LimitRange range, FieldErrors errors) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < range.spec().limits().size(); i++) {
            LimitRangeItem item = range.spec().limits().get(i);
            FieldPath path = LIMITS.index(i);
            type(item.type(), path.child("type"), errors);
            if (!types.add(item.type())) {
                errors.duplicate(path.child("type"), item.type());
            }
            names(item, path, errors);
            Set<String> all = new TreeSet<>();
            List.of(item.max(), item.min(), item.default_(), item.defaultRequest(), item.maxLimitRequestRatio()).forEach(amounts -> all.addAll(amounts.keySet()));
            all.forEach(name -> amounts(item, name, path, errors));
        }
    }

    private static void type(String type, FieldPath path, FieldErrors errors) {
        List<String> problems = Names.qualifiedName(type);
        problems.forEach(problem -> errors.invalid(path, type, problem));
        if (problems.isEmpty() && !type.contains("/") && !List.of("Pod", "Container", "PersistentVolumeClaim").contains(type)) {
            errors.invalid(path, type, "must be a standard limit type or fully qualified");
        }
    }

    private static void names(LimitRangeItem item, FieldPath path, FieldErrors errors) {
        names(item.type(), item.max(), path.child("max"), errors);
        names(item.type(), item.min(), path.child("min"), errors);
        if (item.type().equals("Pod")) {
            if (!item.default_().isEmpty()) {
                errors.forbidden(path.child("default"), "may not be specified when `type` is 'Pod'");
            }
            if (!item.defaultRequest().isEmpty()) {
                errors.forbidden(path.child("defaultRequest"), "may not be specified when `type` is 'Pod'");
            }
        } else {
            names(item.type(), item.default_(), path.child("default"), errors);
            names(item.type(), item.defaultRequest(), path.child("defaultRequest"), errors);
        }
        if (item.type().equals("PersistentVolumeClaim") && !item.min().containsKey("storage") && !item.max().containsKey("storage")) {
            errors.required(path.child("limits"), "either minimum or maximum storage value is required, but neither was provided");
        }
        names(item.type(), item.maxLimitRequestRatio(), path.child("maxLimitRequestRatio"), errors);
    }

    private static void names(String type, Map<String, Quantity> amounts, FieldPath path, FieldErrors errors) {
        for (String name : amounts.keySet()) {
            if (type.equals("Pod") || type.equals("Container")) {
                ResourceNameRules.ofContainer(name, path.key(name), errors);
            } else {
                ResourceNameRules.standard(name, path.key(name), errors);
            }
        }
    }

    private static void amounts(LimitRangeItem item, String name, FieldPath path, FieldErrors errors) {
        boolean pod = item.type().equals("Pod");
        Quantity min = item.min().get(name);
        Quantity max = item.max().get(name);
        Quantity limit = pod ? null : item.default_().get(name);
        Quantity request = pod ? null : item.defaultRequest().get(name);
        if (min != null && max != null && min.compareTo(max) > 0) {
            errors.invalid(path.child("min").key(name), min, "min value " + min + " is greater than max value " + max);
        }
        if (request != null && min != null && min.compareTo(request) > 0) {
            errors.invalid(path.child("defaultRequest").key(name), request, "min value " + min + " is greater than default request value " + request);
        }
        if (request != null && max != null && request.compareTo(max) > 0) {
            errors.invalid(path.child("defaultRequest").key(name), request, "default request value " + request + " is greater than max value " + max);
        }
        if (request != null && limit != null && request.compareTo(limit) > 0) {
            errors.invalid(path.child("defaultRequest").key(name), request, "default request value " + request + " is greater than default limit value " + limit);
        }
        if (limit != null && min != null && min.compareTo(limit) > 0) {
            errors.invalid(path.child("default").key(name), min, "min value " + min + " is greater than default value " + limit);
        }
        if (limit != null && max != null && limit.compareTo(max) > 0) {
            errors.invalid(path.child("default").key(name), max, "default value " + limit + " is greater than max value " + max);
        }
        ratio(item, name, path.child("maxLimitRequestRatio").key(name), errors);
        if (!ResourceNameRules.isOvercommitAllowed(name) && limit != null && request != null && limit.compareTo(request) != 0) {
            errors.invalid(path.child("defaultRequest").key(name), request, "default value " + limit + " must equal to defaultRequest value " + request + " in " + name);
        }
    }

    private static void ratio(LimitRangeItem item, String name, FieldPath path, FieldErrors errors) {
        Quantity ratio = item.maxLimitRequestRatio().get(name);
        Quantity min = item.min().get(name);
        Quantity max = item.max().get(name);
        if (ratio == null) {
            return;
        }
        if (ratio.amount().compareTo(BigDecimal.ONE) < 0) {
            errors.invalid(path, ratio, "ratio " + ratio + " is less than 1");
        }
        if (min != null && max != null && min.signum() != 0) {
            BigDecimal most = max.amount().divide(min.amount(), MathContext.DECIMAL64);
            if (ratio.amount().compareTo(most) > 0) {
                errors.invalid(path, ratio, "ratio " + ratio + " is greater than max/min = " + most);
            }
        }
    }
}
