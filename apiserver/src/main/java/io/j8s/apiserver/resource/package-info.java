/// The words in which a resource is declared: names and versions, defaults, strategy, rules, columns, selectable fields, subresources. A declaration is data and pure
/// functions; what is done with it (storing, watching, answering) lies in other packages.
@NullMarked
package io.j8s.apiserver.resource;

import org.jspecify.annotations.NullMarked;
