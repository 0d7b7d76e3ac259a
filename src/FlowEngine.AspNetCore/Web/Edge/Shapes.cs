using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Edge;

// What answers pass on as it is stored or made elsewhere: these records say its shape, and a test holds answers against them.

/// <summary>A screen as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Components">What is on it, from top to bottom.</param>
/// <param name="State">What was entered, and what is wrong.</param>
[SchemaName("ShownScreen")]
internal sealed record ScreenContent(string Id, string Title, IReadOnlyList<ScreenPart> Components, ScreenState State);

/// <summary>A component of a screen; which members it has depends on its type.</summary>
/// <param name="Type">What it is, such as <c>Button</c>.</param>
/// <param name="Id">The outcome that a button or link leads to.</param>
/// <param name="Name">The input's name in the form.</param>
/// <param name="Label">The input's label.</param>
/// <param name="Text">Its text.</param>
/// <param name="Variant">How it looks.</param>
/// <param name="Placeholder">What stands in an empty input.</param>
/// <param name="Default">What an input begins with.</param>
/// <param name="Required">Whether something has to be entered.</param>
/// <param name="Sensitive">Whether what is entered is secret.</param>
/// <param name="MinLength">How many characters at least.</param>
/// <param name="MaxLength">How many characters at most.</param>
/// <param name="Pattern">What a text has to match.</param>
/// <param name="Options">What there is to choose.</param>
/// <param name="Href">Where a link leads.</param>
/// <param name="Src">The address of an image.</param>
/// <param name="Alt">What an image shows.</param>
[SchemaName("Component")]
internal sealed record ScreenPart(
    string Type,
    string? Id = null,
    string? Name = null,
    string? Label = null,
    string? Text = null,
    string? Variant = null,
    string? Placeholder = null,
    string? Default = null,
    bool Required = false,
    bool Sensitive = false,
    int MinLength = 0,
    int MaxLength = 0,
    string? Pattern = null,
    IReadOnlyList<ScreenOption>? Options = null,
    string? Href = null,
    string? Src = null,
    string? Alt = null
);

/// <summary>One of several things to choose.</summary>
/// <param name="Value">What the form holds then.</param>
/// <param name="Text">What is shown.</param>
internal sealed record ScreenOption(string Value, string Text);

/// <summary>What stands in a screen.</summary>
/// <param name="Form">The inputs by name; what is secret is not in it.</param>
/// <param name="ErrorText">What is wrong; empty for nothing.</param>
internal sealed record ScreenState(FlowObject Form, string ErrorText);

/// <summary>An error of a run, and how often it came in the same way.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Activity">The activity that failed.</param>
/// <param name="Connector">Its connector.</param>
/// <param name="Handled">What the flow made of it.</param>
/// <param name="Count">How often.</param>
internal sealed record RunFault(
    string Code,
    string Activity,
    string? Connector,
    [property: OneOf("automatic", "custom", "ignore", "outcome", "failed")] string Handled,
    int Count
);

/// <summary>The screen that a run waits for.</summary>
/// <param name="Id">The screen's id.</param>
/// <param name="Title">Its title, with its templates.</param>
/// <param name="Activity">The activity that shows it.</param>
internal sealed record AwaitedScreen(string Id, string Title, string Activity);

/// <summary>A setting of an activity, connector or component: what a form field is made of.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Required">Whether it has to be there.</param>
/// <param name="Hint">What stands below it in a form, where that is not the description; empty for nothing.</param>
/// <param name="Label">What a form calls it, where that is not the name in words.</param>
/// <param name="Section">The part of the form that it stands in.</param>
/// <param name="Folded">Whether that part is closed at first.</param>
/// <param name="When">When it is asked for.</param>
/// <param name="Initial">What a new one begins with.</param>
/// <param name="Outcomes">Which outcomes of the activity it makes.</param>
/// <param name="WarnsWhen">The value that is dangerous.</param>
/// <param name="Warning">What the connector then does, where the label does not say it.</param>
/// <param name="Role">Of a connector's setting: what it is to whoever knows no setting by name.</param>
/// <param name="Default">What it is when it is not there.</param>
/// <param name="Choices">What a text is one of.</param>
/// <param name="Suggestions">Texts to offer where any may stand.</param>
/// <param name="Options">What a choice is between: values that need not be texts, and what each promises.</param>
/// <param name="Minimum">The least number.</param>
/// <param name="Maximum">The greatest number.</param>
/// <param name="Unit">The number's unit.</param>
/// <param name="Editor">What it is best edited with.</param>
/// <param name="SecretsStay">Of a connector's setting: stored secrets stay when it changes.</param>
/// <param name="Rare">Whether no form asks for it unless it is set.</param>
/// <param name="Element">What each item of a list is.</param>
/// <param name="Definition">The name of the settings of an object, in <c>definitions</c>.</param>
/// <param name="Shorthand">The setting as which alone an object may be written.</param>
/// <param name="SecretWhen">The setting beside it that, where it is true, makes a secret of its text.</param>
internal sealed record Setting(
    string Name,
    [property: OneOf(
        "text",
        "template",
        "jsonTemplate",
        "templateMap",
        "json",
        "integer",
        "number",
        "boolean",
        "choice",
        "secret",
        "duration",
        "url",
        "object",
        "jsonObject",
        "list",
        "map"
    )]
        string Kind,
    string Description,
    bool Required,
    string? Hint = null,
    string? Label = null,
    string? Section = null,
    bool Folded = false,
    SettingCondition? When = null,
    FlowValue Initial = default,
    SettingOutcomes? Outcomes = null,
    FlowValue WarnsWhen = default,
    string? Warning = null,
    [property: OneOf(
        "address",
        "authentication",
        "headers",
        "signature",
        "messageSignature",
        "staticAddresses",
        "anyCertificate",
        "redirects",
        "clientCertificate",
        "clientKey",
        "clientKeyPassphrase",
        "authorities",
        "awsSignature"
    )]
        string? Role = null,
    FlowValue Default = default,
    IReadOnlyList<string>? Choices = null,
    IReadOnlyList<string>? Suggestions = null,
    IReadOnlyList<SettingOption>? Options = null,
    double Minimum = 0,
    double Maximum = 0,
    string? Unit = null,
    string? Editor = null,
    bool SecretsStay = false,
    bool Rare = false,
    Setting? Element = null,
    string? Definition = null,
    string? Shorthand = null,
    string? SecretWhen = null
);

/// <summary>When a setting is asked for: when another has one of these values.</summary>
/// <param name="Setting">The other.</param>
/// <param name="Is">Its values.</param>
/// <param name="UnlessGiven">Whether it is also asked for when it is there.</param>
/// <param name="Required">Whether it has to be there then.</param>
internal sealed record SettingCondition(string Setting, IReadOnlyList<string> Is, bool UnlessGiven = false, bool Required = false);

/// <summary>Which outcomes of an activity a setting makes.</summary>
/// <param name="From">What of it they are made of.</param>
/// <param name="Name">The member of each element that names its outcome, the outcome, or the value that puts others in place.</param>
/// <param name="Instead">The outcomes in place of the type's own, while the setting has that value.</param>
/// <param name="Event">Where they tell answers apart by the result's member of that name: the error event of the rest.</param>
/// <param name="Except">The setting that lists the answers that are no error.</param>
internal sealed record SettingOutcomes(
    [property: OneOf("elements", "screen", "flow", "given", "instead", "members")] string From,
    string? Name = null,
    IReadOnlyList<string>? Instead = null,
    string? Event = null,
    string? Except = null
);

/// <summary>One value of a choice.</summary>
/// <param name="Value">The value.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Description">What it promises.</param>
internal sealed record SettingOption(FlowValue Value, string Label, string Description);

/// <summary>What forms are made of.</summary>
/// <param name="Activities">The types of activities.</param>
/// <param name="Connectors">The types of connectors.</param>
/// <param name="Options">The options of a flow.</param>
/// <param name="Components">The types of components.</param>
/// <param name="Operators">The operators of conditions.</param>
/// <param name="Functions">The functions that templates may call behind a path.</param>
/// <param name="Definitions">Settings of objects, by name.</param>
/// <param name="Advice">What to do about an error, by its code.</param>
/// <param name="Extensions">What is loaded beside the server's own.</param>
/// <param name="Flow">The JSON Schema of flow files.</param>
/// <param name="Connector">The JSON Schema of connector files.</param>
[SchemaName("DesignerSchema")]
internal sealed record DesignerParts(
    IReadOnlyList<ActivityTypeShape> Activities,
    IReadOnlyList<ConnectorTypeShape> Connectors,
    IReadOnlyList<Setting> Options,
    IReadOnlyList<ComponentTypeShape> Components,
    IReadOnlyList<ConditionOperator> Operators,
    IReadOnlyList<FunctionShape> Functions,
    IReadOnlyDictionary<string, IReadOnlyList<Setting>> Definitions,
    IReadOnlyDictionary<string, string> Advice,
    IReadOnlyList<ExtensionShape> Extensions,
    FlowObject Flow,
    FlowObject Connector
);

/// <summary>A type of activities.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Category">Where it stands in the palette.</param>
/// <param name="Outcomes">How it can end.</param>
/// <param name="OptionalOutcomes">The outcomes that need no connection.</param>
/// <param name="ErrorEvents">How it can fail.</param>
/// <param name="MayIgnoreErrors">Whether a flow may go on as if nothing had failed.</param>
/// <param name="CanRunInParallel">Whether it may stand in a Parallel.</param>
/// <param name="MayShare">Whether it may stand in a Parallel or ForEach beside others.</param>
/// <param name="Waits">Whether a run waits at it.</param>
/// <param name="Enters">Whether it enters another flow.</param>
/// <param name="Ends">Whether the run ends at it.</param>
/// <param name="Clears">The roots that it empties.</param>
/// <param name="Writes">What it writes.</param>
/// <param name="Icon">The name of its icon.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Stem">What ids of new ones begin with.</param>
/// <param name="Summary">What stands on the canvas, with settings in braces.</param>
/// <param name="Trace">What its steps show.</param>
/// <param name="Reply">The settings of a scripted reply.</param>
/// <param name="Settings">Its settings.</param>
[SchemaName("ActivityType")]
internal sealed record ActivityTypeShape(
    string Type,
    string Description,
    string Category,
    IReadOnlyList<string> Outcomes,
    IReadOnlyList<string> OptionalOutcomes,
    IReadOnlyList<string> ErrorEvents,
    bool MayIgnoreErrors,
    bool CanRunInParallel,
    bool MayShare,
    bool Waits,
    bool Enters,
    bool Ends,
    IReadOnlyList<string> Clears,
    IReadOnlyList<WrittenPath> Writes,
    string Icon,
    [property: OneOf("screen", "http", "data", "logic", "script", "user", "end")] string Tone,
    string Stem,
    IReadOnlyList<Setting> Settings,
    string? Summary = null,
    string? Trace = null,
    IReadOnlyList<Setting>? Reply = null
);

/// <summary>A path that activities of a type write.</summary>
/// <param name="Path">The path, with settings in braces.</param>
/// <param name="Description">What it holds.</param>
/// <param name="MembersOf">The setting whose members are the path's members (<c>.*</c>), or whose elements are (<c>[]</c>).</param>
/// <param name="Unless">The setting that, where it is given, has something else written in place of this.</param>
/// <param name="With">The setting without which it is not written.</param>
internal sealed record WrittenPath(string Path, string Description, string? MembersOf = null, string? Unless = null, string? With = null);

/// <summary>A type of components.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="New">What a new one has.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Icon">The name of its icon.</param>
/// <param name="Input">How something is entered in it; what is no input has none.</param>
/// <param name="Secret">Whether what is entered is secret.</param>
/// <param name="Interaction">Whether an id makes it an outcome of its screen.</param>
/// <param name="TakesEnter">Whether Enter in an input presses the first of them.</param>
/// <param name="HoldsComponents">Whether other components stand in it, under <c>components</c>.</param>
/// <param name="ShowsErrors">Whether the message of the last attempt stands in it.</param>
/// <param name="Sample">What a person may have entered.</param>
[SchemaName("ComponentType")]
internal sealed record ComponentTypeShape(
    string Type,
    string Description,
    FlowObject New,
    IReadOnlyList<Setting> Settings,
    string? Icon = null,
    [property: OneOf("line", "yesOrNo", "choice")] string? Input = null,
    bool Secret = false,
    bool Interaction = false,
    bool TakesEnter = false,
    bool HoldsComponents = false,
    bool ShowsErrors = false,
    FlowValue Sample = default
);

/// <summary>A type of connectors.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Icon">The name of its icon, or path data.</param>
/// <param name="Example">A name that one may have.</param>
/// <param name="Trial">What one is tried out with: nothing, or a request of HTTP.</param>
/// <param name="CredentialHeaders">How credentials look in a pasted request; without any, none can be pasted.</param>
/// <param name="Settings">Its settings.</param>
[SchemaName("ConnectorType")]
internal sealed record ConnectorTypeShape(
    string Type,
    string Label,
    string Icon,
    string Example,
    [property: OneOf("connection", "request")] string Trial,
    IReadOnlyList<CredentialHeader> CredentialHeaders,
    IReadOnlyList<Setting> Settings
);

/// <summary>How credentials look in a header of somebody else's request.</summary>
/// <param name="Kind">The kind of authentication.</param>
/// <param name="Name">The pattern of the header's whole name.</param>
/// <param name="Value">The pattern of its value, whose groups are settings.</param>
/// <param name="Decoded">The pattern of what the group base64 holds.</param>
/// <param name="NameSetting">The setting that takes the header's name.</param>
/// <param name="IsFlat">Whether the kind has one setting alone, which stands for it.</param>
internal sealed record CredentialHeader(
    string Kind,
    string Name,
    string Value,
    string? Decoded = null,
    string? NameSetting = null,
    bool IsFlat = false
);

/// <summary>What is loaded beside the server's own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Brings">What it registers.</param>
[SchemaName("Extension")]
internal sealed record ExtensionShape(string Name, string Version, IReadOnlyList<string> Brings);

/// <summary>An operator of conditions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TakesValue">Whether it compares with a value.</param>
internal sealed record ConditionOperator(string Name, bool TakesValue);

/// <summary>A function that a template may call behind a path, <c>{{path | function}}</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Example">How it is called, with arguments to begin with.</param>
/// <param name="Description">What it gives.</param>
internal sealed record FunctionShape(string Name, string Example, string Description);
