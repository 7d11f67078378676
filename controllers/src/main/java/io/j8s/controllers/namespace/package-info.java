/// Empties namespaces that are being deleted, whatever kinds of objects they hold, and lets them go.
@NullMarked
package io.j8s.controllers.namespace;

import org.jspecify.annotations.NullMarked;
