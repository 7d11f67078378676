/// Attribute-based access control: a file of policies, one JSON object a line (the mode `ABAC`).
@NullMarked
package io.j8s.apiserver.authorization.abac;

import org.jspecify.annotations.NullMarked;
