package io.j8s.apiserver.aggregation;

import io.j8s.http.Headers;
import io.j8s.model.apiregistration.v1.APIServiceSpec;
import io.j8s.model.apiregistration.v1.ServiceReference;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether an extension server can be used: the condition `Available` of its APIService.
///
/// @param message for people
record Availability(boolean available, String reason, String message) {

    private static final Pattern REFUSED = Pattern.compile("([^/ ]+:[0-9]+): Connection refused");

    /// A refused connection, in the words that people search for.
    private static String told(String failure) {
        Matcher refused = REFUSED.matcher(failure);
        return refused.find() ? "dial tcp " + refused.group(1) + ": connect: connection refused" : failure;
    }

    private static Availability no(String reason, String message) {
        return new Availability(false, reason, message);
    }

    /// What the cluster's objects alone say; available as far as they know.
    static Availability ofObjects(Extension extension) {
        ServiceReference reference = extension.spec().service();
        String name = "service/" + reference.name() + " in \"" + reference.namespace() + "\"";
        Service service = extension.resolver().service(reference);
        if (service == null) {
            return no("ServiceNotFound", name + " is not present");
        }
        if (service.spec().type().isEmpty() || service.spec().type().equals("ClusterIP")) {
            ServicePort port = Resolver.port(service, reference.port());
            if (port == null) {
                return no("ServicePortError", name + " is not listening on port " + reference.port());
            }
            if (extension.resolver().slices(reference).isEmpty()) {
                return no("EndpointsNotFound", "cannot find endpointslices for " + name);
            }
            if (extension.resolver().addresses(reference, port.name()).isEmpty()) {
                return no("MissingEndpoints", "endpointslices for " + name + " have no addresses with port name \"" + port.name() + "\"");
            }
        }
        return new Availability(true, "Passed", "all checks passed");
    }

    /// Asks the server itself.
    static Availability ofServer(Extension extension) throws InterruptedException {
        APIServiceSpec spec = extension.spec();
        String path = spec.group().isEmpty() ? "/api/" + spec.version() : "/apis/" + spec.group() + "/" + spec.version();
        URI server = extension.resolver().find(spec.service());
        String problem;
        try {
            int status = extension.ask(path, Headers.EMPTY).status();
            if (status >= 200 && status < 300) {
                return new Availability(true, "Passed", "all checks passed");
            }
            problem = "bad status from " + server + path + ": " + status;
        } catch (IOException e) {
            problem = "Get \"" + server + path + "\": " + told(String.valueOf(e.getMessage()));
        }
        return no("FailedDiscoveryCheck", "failing or missing response from " + server + path + ": " + problem);
    }
}
