package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import java.util.Set;

/// The rules for names of resources that are counted (cpu, memory, example.com/gpu), and for their amounts.
public final class ResourceNameRules {

    private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> STANDARD = Set.of(
            "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
            "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "storage",
            "requests.storage", "services.nodeports", "services.loadbalancers");
    private static final Set<String> QUOTA = Set.of(
            "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
            "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps",
            "services.nodeports", "services.loadbalancers");
    private static final Set<String> WHOLE = Set.of(
            "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers");

    private ResourceNameRules() {}

    static boolean isHugePages(String name) {
        return name.startsWith("hugepages-");
    }

    static boolean isExtended(String name) {
        boolean isNative = !name.contains("/") || name.contains("kubernetes.io/");
        return !isNative && !name.startsWith("requests.") && Names.qualifiedName("requests." + name).isEmpty();
    }

    /// Whether limits may be above requests.
    static boolean isOvercommitAllowed(String name) {
        boolean isNative = !name.contains("/") || name.contains("kubernetes.io/");
        return isNative && !isHugePages(name);
    }

    static void standard(String name, FieldPath path, FieldErrors errors) {
        int before = errors.size();
        Names.qualifiedName(name).forEach(problem -> errors.invalid(path, name, problem));
        if (errors.size() == before && !name.contains("/") && !STANDARD.contains(name) && !isHugePages(name) && !name.startsWith("requests.hugepages-")) {
            errors.invalid(path, name, "must be a standard resource type or fully qualified");
        }
    }

    public static void ofContainer(String name, FieldPath path, FieldErrors errors) {
        standard(name, path, errors);
        if (!name.contains("/")) {
            if (!CONTAINER.contains(name) && !isHugePages(name)) {
                errors.invalid(path, name, "must be a standard resource for containers");
            }
        } else if (!name.contains("kubernetes.io/") && !isExtended(name)) {
            errors.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }

    static void ofQuota(String name, FieldPath path, FieldErrors errors) {
        standard(name, path, errors);
        if (!name.contains("/") && !QUOTA.contains(name) && !isHugePages(name) && !name.startsWith("requests.hugepages-")) {
            errors.invalid(path, name, "must be a standard resource for quota");
        }
    }

    static boolean isQuota(String name) {
        return QUOTA.contains(name) || isHugePages(name) || name.startsWith("requests.hugepages-");
    }

    /// Not negative, and whole for what cannot be divided.
    public static void amount(String name, Quantity amount, FieldPath path, FieldErrors errors) {
        notNegative(amount, path, errors);
        if ((WHOLE.contains(name) || isExtended(name)) && amount.amount().stripTrailingZeros().scale() > 0) {
            errors.invalid(path, amount, "must be an integer");
        }
    }

    static void notNegative(Quantity amount, FieldPath path, FieldErrors errors) {
        if (amount.signum() < 0) {
            errors.invalid(path, amount, "must be greater than or equal to 0");
        }
    }

    /// Whether an amount of huge pages is a number of whole ones.
    static boolean isWholePages(String name, Quantity amount) {
        Quantity size;
        try {
            size = Quantity.parse(name.substring("hugepages-".length()));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return size.signum() > 0 && size.amount().stripTrailingZeros().scale() <= 0 && amount.value() % size.value() == 0;
    }

    static void positive(Quantity amount, FieldPath path, FieldErrors errors) {
        if (amount.signum() <= 0) {
            errors.invalid(path, amount, "must be greater than zero");
        }
    }
}
