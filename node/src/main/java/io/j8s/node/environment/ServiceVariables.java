package io.j8s.node.environment;

import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The variables by which containers find services (Kubernetes documentation, "Discovering services: environment variables").
public final class ServiceVariables {
    private ServiceVariables() {}

    /// @param links whether those of the pod's namespace are wanted beside `kubernetes` of the default namespace
    public static Map<String, String> of(Collection<Service> services, String namespace, boolean links) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Service service : services) {
            String its = service.metadata().namespace();
            boolean master = its.equals("default") && service.metadata().name().equals("kubernetes");
            boolean own = links && its.equals(namespace);
            if ((master || own) && hasAddress(service)) {
                add(variables, service);
            }
        }
        return variables;
    }

    private static boolean hasAddress(Service service) {
        String address = service.spec().clusterIP();
        return !address.isEmpty() && !address.equals("None") && !service.spec().ports().isEmpty();
    }

    private static void add(Map<String, String> variables, Service service) {
        String prefix = service.metadata().name().toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
        String address = service.spec().clusterIP();
        ServicePort first = service.spec().ports().getFirst();
        variables.put(prefix + "_SERVICE_HOST", address);
        variables.put(prefix + "_SERVICE_PORT", Integer.toString(first.port()));
        for (ServicePort port : service.spec().ports()) {
            if (!port.name().isEmpty()) {
                variables.put(prefix + "_SERVICE_PORT_" + port.name().toUpperCase(Locale.ROOT).replace('-', '_'), Integer.toString(port.port()));
            }
        }
        variables.put(prefix + "_PORT", url(address, first));
        for (ServicePort port : service.spec().ports()) {
            String name = prefix + "_PORT_" + port.port() + "_" + protocol(port);
            variables.put(name, url(address, port));
            variables.put(name + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
            variables.put(name + "_PORT", Integer.toString(port.port()));
            variables.put(name + "_ADDR", address);
        }
    }

    private static String url(String address, ServicePort port) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return protocol(port).toLowerCase(Locale.ROOT) + "://" + host + ":" + port.port();
    }

    private static String protocol(ServicePort port) {
        return port.protocol().isEmpty() ? "TCP" : port.protocol();
    }
}
