package io.j8s.testkit;

import io.j8s.client.Client;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// JUnit 5 and later: one cluster for each test class, handed to constructors and test methods that ask for a [J8s] or a [Client].
///
/// ```java
/// @ExtendWith(J8sExtension.class)
/// class OperatorTest {
///     @Test void reconciles(J8s cluster) { … }
/// }
/// ```
public final class J8sExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(J8sExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == J8s.class || type == Client.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // Kept with the class; JUnit closes what it keeps when the class is done.
        ExtensionContext classContext = context.getTestMethod().isPresent() ? context.getParent().orElse(context) : context;
        J8s cluster = classContext.getStore(NAMESPACE).computeIfAbsent(J8s.class, key -> J8s.start(), J8s.class);
        return parameter.getParameter().getType() == Client.class ? cluster.client() : cluster;
    }
}
