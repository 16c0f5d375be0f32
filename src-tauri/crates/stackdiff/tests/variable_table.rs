//! Variables of one stack over many environments.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use interlock_stackdiff::{
    Budget, EnvironmentFacts, ParameterValues, RowState, Side, Template, VariableCell, VariableRow,
    VariableTrouble, variable_table,
};

const TEMPLATE: &str = "
Parameters:
  Environment: {Type: String}
  Size: {Type: String, Default: small}
  Secret: {Type: String, NoEcho: true}
  Host: {Type: String}
  Spare: {Type: String, Default: x}
  Name: {Type: String, Default: a}
Conditions:
  Big: !Equals [!Ref Size, large]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub 'q-${Environment}-${!Spare}-${Name}'
      KmsMasterKeyId: !Ref Secret
      Tags: [{Key: host, Value: !Ref Host}]
";

fn side<'t>(template: Option<&'t Template>, name: &str, values: &[(&str, &str)]) -> Side<'t> {
    let mut parameters = ParameterValues::default();
    for (key, value) in values {
        parameters.declare_value(*key, *value);
    }
    Side {
        template,
        parameters,
        environment: EnvironmentFacts {
            name: Some(name.to_owned()),
            ..EnvironmentFacts::default()
        },
    }
}

fn read(text: &str) -> Template {
    Template::read(text.as_bytes(), "t.yaml", &Budget::default()).unwrap()
}

fn row<'r>(rows: &'r [VariableRow], key: &str) -> &'r VariableRow {
    rows.iter().find(|row| row.key == key).unwrap()
}

fn value(text: &str, is_default: bool) -> VariableCell {
    VariableCell::Value {
        text: text.to_owned(),
        is_default,
    }
}

#[test]
fn each_key_has_a_cell_for_every_environment_and_the_worst_state_of_neighbours() {
    let template = read(TEMPLATE);
    let some = Some(&template);
    let rows = variable_table(&[
        side(
            some,
            "dev",
            &[("Environment", "dev"), ("Size", "small"), ("Secret", "a")],
        ),
        side(some, "qa", &[("Environment", "qa"), ("Secret", "b")]),
        side(None, "lab", &[]),
        side(
            some,
            "prod",
            &[("Environment", "prod"), ("Size", "large"), ("Secret", "c")],
        ),
    ]);
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(
        keys,
        ["Environment", "Size", "Secret", "Host", "Spare", "Name"]
    );
    let size = row(&rows, "Size");
    assert_eq!(
        size.cells,
        [
            value("small", false),
            value("small", true),
            VariableCell::NoStack,
            value("large", false)
        ]
    );
    assert_eq!(
        size.state,
        RowState::Unexpected,
        "qa's document does not say it"
    );
    assert_eq!(row(&rows, "Environment").state, RowState::Expected);
    let secret = row(&rows, "Secret");
    assert_eq!(
        (secret.state, &secret.cells[0]),
        (RowState::Unknown, &VariableCell::Hidden)
    );
}

#[test]
fn unused_undeclared_and_undefined_keys_are_told() {
    let template = read(TEMPLATE);
    let some = Some(&template);
    let rows = variable_table(&[
        side(
            some,
            "dev",
            &[
                ("Environment", "dev"),
                ("Secret", "a"),
                ("Sise", "small"),
                ("Host", "h"),
            ],
        ),
        side(some, "prod", &[("Environment", "prod")]),
    ]);
    let trouble = |key| row(&rows, key).trouble.clone();
    assert_eq!(trouble("Sise"), Some(VariableTrouble::NotDeclared));
    assert_eq!(
        trouble("Spare"),
        Some(VariableTrouble::Unused),
        "the Sub escapes it"
    );
    assert_eq!(trouble("Host"), Some(VariableTrouble::Undefined(vec![1])));
    assert_eq!(trouble("Secret"), None, "a secret stands in no document");
    for key in ["Environment", "Size", "Name"] {
        assert_eq!(trouble(key), None, "{key}");
    }
    assert_eq!(row(&rows, "Sise").cells[1], VariableCell::Absent);
    assert_eq!(row(&rows, "Sise").state, RowState::Missing);
}

#[test]
fn what_a_macro_may_use_is_not_called_unused() {
    let text = "
Transform: Acme::Macro
Parameters:
  Spare: {Type: String, Default: x}
Resources:
  Queue: {Type: AWS::SQS::Queue}
";
    for template in [
        text.to_owned(),
        text.replace("Transform: Acme::Macro", "").replace(
            "{Type: AWS::SQS::Queue}",
            "{'Fn::Transform': {Name: Acme::Macro}}",
        ),
    ] {
        let template = read(&template);
        let rows = variable_table(&[side(Some(&template), "dev", &[])]);
        assert_eq!(rows[0].trouble, None);
    }
    let plain = read(&text.replace("Transform: Acme::Macro", ""));
    let rows = variable_table(&[side(Some(&plain), "dev", &[])]);
    assert_eq!(rows[0].trouble, Some(VariableTrouble::Unused));
}
