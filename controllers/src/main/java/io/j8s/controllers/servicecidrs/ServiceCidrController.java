package io.j8s.controllers.servicecidrs;

import io.j8s.client.ApiException;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.meta.v1.Condition;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.networking.v1.IPAddress;
import io.j8s.model.networking.v1.ServiceCIDR;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Watches service CIDRs and IP addresses. One that is being deleted goes when every address within it is within another one, too.
public final class ServiceCidrController implements Controller {
    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    private static final String READY = "Ready";
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String ALLOCATOR = "ipallocator.k8s.io";

    private final Context context;
    private final Informer<ServiceCIDR> cidrs;
    private final Informer<IPAddress> addresses;
    private final ControllerLoop<String> loop;

    public ServiceCidrController(Context context, int workers) {
        this.context = context;
        this.cidrs = context.informers().of(ServiceCIDR.RESOURCE);
        this.addresses = context.informers().of(IPAddress.RESOURCE);
        WorkQueue<String> queue = context.queue("ipaddresses");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        cidrs.addHandler(Handler.each(cidr -> cidrs.lister().list().forEach(each -> queue.add(each.metadata().name()))));
        addresses.addHandler(Handler.each(address -> cidrs.lister().list().stream().filter(c -> c.metadata().deletionTimestamp() != null).forEach(c -> queue.add(c.metadata().name()))));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(String name) {
        ServiceCIDR cidr = cidrs.lister().get("", name);
        if (cidr == null) {
            return Outcome.DONE;
        }
        Instant deletion = cidr.metadata().deletionTimestamp();
        if (deletion == null) {
            ServiceCIDR kept = finalized(cidr, true);
            condition(kept, "True", "", "Kubernetes Service CIDR is ready");
            return Outcome.DONE;
        }
        if (needed(cidr)) {
            condition(cidr, "False", "Terminating", "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR");
            return Outcome.DONE;
        }
        // a service may just be getting an address from it
        Duration left = GRACE.minus(Duration.between(deletion, context.time().now()));
        if (left.isPositive()) {
            return Outcome.retryAfter(left);
        }
        finalized(cidr, false);
        return Outcome.DONE;
    }

    /// Whether a service's address is in no other range. Addresses that others than the API server's allocator manage do not count, nor does it matter whether the other range is about to go.
    private boolean needed(ServiceCIDR cidr) {
        return addresses.lister().list().stream()
                .filter(address -> ALLOCATOR.equals(address.metadata().labels().get(MANAGED_BY)))
                .map(address -> address.metadata().name())
                .anyMatch(ip -> has(cidr, ip) && cidrs.lister().list().stream().noneMatch(other -> !other.metadata().name().equals(cidr.metadata().name()) && has(other, ip)));
    }

    private static boolean has(ServiceCIDR cidr, String ip) {
        return cidr.spec().cidrs().stream().anyMatch(range -> contains(range, ip));
    }

    static boolean contains(String range, String ip) {
        int slash = range.indexOf('/');
        try {
            byte[] base = InetAddress.getByName(range.substring(0, Math.max(0, slash))).getAddress();
            byte[] address = InetAddress.getByName(ip).getAddress();
            int shift = base.length * 8 - Integer.parseInt(range.substring(slash + 1));
            return slash > 0 && base.length == address.length && new BigInteger(1, base).shiftRight(shift).equals(new BigInteger(1, address).shiftRight(shift));
        } catch (UnknownHostException | NumberFormatException e) {
            return false;
        }
    }

    private ServiceCIDR finalized(ServiceCIDR cidr, boolean keep) {
        List<String> finalizers = new ArrayList<>(cidr.metadata().finalizers());
        boolean changed = keep ? !finalizers.contains(FINALIZER) && finalizers.add(FINALIZER) : finalizers.remove(FINALIZER);
        if (!changed) {
            return cidr;
        }
        try {
            return context.client().update(ServiceCIDR.RESOURCE, "", cidr.withMetadata(m -> finalizers.isEmpty() ? m.withoutFinalizers() : m.withFinalizers(finalizers)));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return cidr;
            }
            throw e;
        }
    }

    private void condition(ServiceCIDR cidr, String status, String reason, String message) {
        Condition before = cidr.status().conditions().stream().filter(c -> c.type().equals(READY)).findFirst().orElse(null);
        if (before != null && before.status().equals(status) && before.reason().equals(reason) && before.message().equals(message)) {
            return;
        }
        Condition condition = Condition.EMPTY
                .withType(READY)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(context.time().now().truncatedTo(ChronoUnit.SECONDS));
        ServiceCIDR fields = ServiceCIDR.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(cidr.metadata().name())).withStatus(s -> s.withConditions(List.of(condition)));
        context.client().patch(ServiceCIDR.RESOURCE, "", cidr.metadata().name(), new Patch.Apply(fields), WriteOptions.NONE.onSubresource("status").by("service-cidr-controller").forced());
    }
}
