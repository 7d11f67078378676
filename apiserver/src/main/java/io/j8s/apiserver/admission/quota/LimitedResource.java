package io.j8s.apiserver.admission.quota;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.ScopedResourceSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A resource that is used up only where a quota says so (ResourceQuotaConfiguration).
///
/// @param contains parts of the names of the amounts that must be covered, such as `cpu` or `storageclass`
/// @param scopes objects in these must be covered by a quota of the same scope
public record LimitedResource(String group, String resource, List<String> contains, List<ScopedResourceSelectorRequirement> scopes) {

    public LimitedResource {
        contains = List.copyOf(contains);
        scopes = List.copyOf(scopes);
    }

    /// Those of a configuration.
    public static List<LimitedResource> all(Document configuration) {
        configuration.text("apiVersion");
        configuration.text("kind");
        List<LimitedResource> all = new ArrayList<>();
        for (Document limited : configuration.objects("limitedResources")) {
            String resource = limited.text("resource");
            if (resource.isEmpty()) {
                throw new ConfigurationException(limited.path("resource") + ": Required value: the plural name of a resource");
            }
            List<ScopedResourceSelectorRequirement> scopes = new ArrayList<>();
            for (Document scope : limited.objects("matchScopes")) {
                scopes.add(ScopedResourceSelectorRequirement.EMPTY.withScopeName(scope.text("scopeName")).withOperator(scope.text("operator")).withValues(scope.texts("values")));
                scope.end();
            }
            all.add(new LimitedResource(limited.text("apiGroup"), resource, limited.texts("matchContains"), scopes));
            limited.end();
        }
        configuration.end();
        return all;
    }

    boolean isAbout(AdmissionRequest request) {
        return request.about(group, resource);
    }

    /// The amounts that must be covered.
    Set<String> names(Set<String> used) {
        Set<String> names = new TreeSet<>();
        used.stream().filter(name -> contains.stream().anyMatch(name::contains)).forEach(names::add);
        return names;
    }

    /// The scopes that the object is in, and that must be covered.
    List<ScopedResourceSelectorRequirement> scopes(Struct object) {
        return scopes.stream().filter(scope -> QuotaScopes.matches(object, scope)).toList();
    }
}
