//! Every output with its bytes, ready to be installed.

use crate::fill::{FillError, Filled, Hashers};
use crate::output::Output;
use crate::plan::{Content, Plan, Product, ValueIndex};
use crate::resolve::Resolved;
use crate::secret::SecretBytes;

/// One output and what goes into it.
#[derive(Debug)]
pub struct File<'a> {
    /// Place, owner, mode and units.
    pub output: &'a Output,
    /// The finished contents.
    pub bytes: SecretBytes,
}

/// The outputs of a plan with their bytes, in order.
#[derive(Debug, Default)]
pub struct Rendered<'m> {
    /// What can be installed.
    pub files: Vec<File<'m>>,
    /// Outputs that lack a value.
    pub missing: Vec<&'m Output>,
    /// Templates that cannot be rendered.
    pub failures: Vec<FillError>,
}

impl<'m> Rendered<'m> {
    /// Renders the templates and takes the values of the secrets. What lacks a value is listed, not written.
    pub fn fill(plan: &Plan<'m>, mut resolved: Resolved, hashers: Hashers<'_>) -> Self {
        let mut rendered = Self::default();
        let fill = |product: &Product<'m>| fill_template(plan, product, &resolved, hashers);
        let templates: Vec<_> = plan.products.iter().map(fill).collect();
        let mut users = vec![0usize; plan.values];
        for product in &plan.products {
            if let Content::Value(value) = product.content {
                users[value.0] += 1;
            }
        }
        for (product, template) in plan.products.iter().zip(templates) {
            let bytes = match (&product.content, template) {
                (Content::Value(value), _) => take(&mut resolved, *value, &mut users),
                (_, Some(Ok(bytes))) => Some(bytes),
                (_, Some(Err(errors))) => {
                    rendered.failures.extend(errors);
                    None
                }
                (_, None) => None,
            };
            match bytes {
                Some(bytes) => rendered.files.push(File { output: product.output, bytes }),
                None => rendered.missing.push(product.output),
            }
        }
        rendered
    }
}

/// Several secrets may be one value: all but the last get a copy.
fn take(resolved: &mut Resolved, value: ValueIndex, users: &mut [usize]) -> Option<SecretBytes> {
    users[value.0] -= 1;
    match users[value.0] {
        0 => resolved.take(value),
        _ => resolved.value(value).map(|bytes| SecretBytes::copy_of(bytes.expose())),
    }
}

/// None where a value is missing, or where the product is no template.
fn fill_template<'m>(
    plan: &Plan<'m>,
    product: &Product<'m>,
    resolved: &Resolved,
    hashers: Hashers<'_>,
) -> Option<Result<SecretBytes, Vec<FillError>>> {
    let filled = Filled::new(plan, product.output, &product.content, resolved, hashers)?;
    Some(filled.map_err(|error| vec![error]).and_then(|filled| filled.bytes()))
}
