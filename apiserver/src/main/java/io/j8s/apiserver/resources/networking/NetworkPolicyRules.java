package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.IpRules;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.IntOrString;
import io.j8s.model.networking.v1.IPBlock;
import io.j8s.model.networking.v1.NetworkPolicyPeer;
import io.j8s.model.networking.v1.NetworkPolicyPort;
import io.j8s.model.networking.v1.NetworkPolicySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The rules for network policies.
final class NetworkPolicyRules {

    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final Set<String> TYPES = Set.of("Ingress", "Egress");
    static final int HIGHEST_PORT = 65535;

    private NetworkPolicyRules() {}

    static void check(NetworkPolicySpec spec, FieldPath path, FieldErrors errors) {
        SelectorRules.selector(spec.podSelector(), path.child("podSelector"), errors);
        for (int i = 0; i < spec.ingress().size(); i++) {
            FieldPath here = path.child("ingress").index(i);
            ports(spec.ingress().get(i).ports(), here.child("ports"), errors);
            peers(spec.ingress().get(i).from(), here.child("from"), errors);
        }
        for (int i = 0; i < spec.egress().size(); i++) {
            FieldPath here = path.child("egress").index(i);
            ports(spec.egress().get(i).ports(), here.child("ports"), errors);
            peers(spec.egress().get(i).to(), here.child("to"), errors);
        }
        FieldPath types = path.child("policyTypes");
        if (spec.policyTypes().size() > TYPES.size()) {
            errors.invalid(types, spec.policyTypes(), "may not specify more than two policyTypes");
            return;
        }
        for (int i = 0; i < spec.policyTypes().size(); i++) {
            if (!TYPES.contains(spec.policyTypes().get(i))) {
                errors.notSupported(types.index(i), spec.policyTypes().get(i), TYPES);
            }
        }
    }

    private static void ports(List<NetworkPolicyPort> ports, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < ports.size(); i++) {
            port(ports.get(i), path.index(i), errors);
        }
    }

    private static void port(NetworkPolicyPort port, FieldPath path, FieldErrors errors) {
        if (port.hasProtocol() && !PROTOCOLS.contains(port.protocol())) {
            errors.notSupported(path.child("protocol"), port.protocol(), PROTOCOLS);
        }
        FieldPath end = path.child("endPort");
        switch (port.port()) {
            case null -> {
                if (port.hasEndPort()) {
                    errors.invalid(end, port.endPort(), "may not be specified when `port` is not specified");
                }
            }
            case IntOrString.Int number -> {
                NumberRules.between(number.value(), 1, HIGHEST_PORT, path.child("port"), errors);
                if (port.hasEndPort()) {
                    if (port.endPort() < number.value()) {
                        errors.invalid(end, number.value(), "must be greater than or equal to `port`");
                    }
                    NumberRules.between(port.endPort(), 1, HIGHEST_PORT, end, errors);
                }
            }
            case IntOrString.Text name -> {
                if (port.hasEndPort()) {
                    errors.invalid(end, port.endPort(), "may not be specified when `port` is non-numeric");
                }
                Names.portName(name.value()).forEach(problem -> errors.invalid(path.child("port"), name.value(), problem));
            }
        }
    }

    private static void peers(List<NetworkPolicyPeer> peers, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < peers.size(); i++) {
            peer(peers.get(i), path.index(i), errors);
        }
    }

    private static void peer(NetworkPolicyPeer peer, FieldPath path, FieldErrors errors) {
        SelectorRules.selector(peer.podSelector(), path.child("podSelector"), errors);
        SelectorRules.selector(peer.namespaceSelector(), path.child("namespaceSelector"), errors);
        if (peer.hasIpBlock()) {
            block(peer.ipBlock(), path.child("ipBlock"), errors);
        }
        boolean selects = peer.hasPodSelector() || peer.hasNamespaceSelector();
        if (!selects && !peer.hasIpBlock()) {
            errors.required(path, "must specify a peer");
        } else if (selects && peer.hasIpBlock()) {
            errors.forbidden(path, "may not specify both ipBlock and another peer");
        }
    }

    private static void block(IPBlock block, FieldPath path, FieldErrors errors) {
        if (block.cidr().isEmpty()) {
            errors.required(path.child("cidr"));
            return;
        }
        IpRules.checkCidr(block.cidr(), path.child("cidr"), errors);
        if (!IpRules.isCidr(block.cidr())) {
            return;
        }
        for (int i = 0; i < block.except().size(); i++) {
            String except = block.except().get(i);
            FieldPath here = path.child("except").index(i);
            IpRules.checkCidr(except, here, errors);
            if (IpRules.isCidr(except) && !isWithin(except, block.cidr())) {
                errors.invalid(here, except, "must be a strict subset of `cidr`");
            }
        }
    }

    private static boolean isWithin(String inner, String outer) {
        byte[] part = IpRules.parse(inner.substring(0, inner.indexOf('/')));
        byte[] whole = IpRules.parse(outer.substring(0, outer.indexOf('/')));
        int bits = prefix(outer);
        return part != null && whole != null && part.length == whole.length && bits < prefix(inner) && Arrays.equals(IpRules.masked(part, bits), IpRules.masked(whole, bits));
    }

    private static int prefix(String range) {
        return Integer.parseInt(range.substring(range.indexOf('/') + 1));
    }
}
