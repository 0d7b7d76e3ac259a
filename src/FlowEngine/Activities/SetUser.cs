using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of SetUser.</summary>
public sealed class SetUserSettings
{
    /// <summary>The person.</summary>
    [Setting("Who the person is.", Required = true, Initial = """{"userId":""}""")]
    public UserSettings User { get; set; } = new();
}

/// <summary>Bound once, then read only: the person that SetUser writes.</summary>
public sealed class UserSettings
{
    /// <summary>The subject of the token.</summary>
    [Setting("The person's id: the subject of the token.", Required = true)]
    public Template UserId { get; set; } = Template.Empty;

    /// <summary>What the person signs in with.</summary>
    [Setting("What the person signs in with.")]
    public Template? LoginId { get; set; }

    /// <summary>The e-mail address.</summary>
    [Setting("The person's e-mail address.")]
    public Template? Email { get; set; }

    /// <summary>The name.</summary>
    [Setting("The person's name.", Hint = "")]
    public Template? Name { get; set; }

    /// <summary>Anything else.</summary>
    [Setting("Anything else that is known of the person, an object.", Editor = SettingEditors.Members)]
    public JsonTemplate CustomAttributes { get; set; } = JsonTemplate.None;
}

/// <summary>Shared and immutable: writes <c>user.*</c>; an End then issues a token for that person.</summary>
[Activity(
    "SetUser",
    "Says who the person is, so that End issues a token.",
    Category = "Identity",
    Icon = "fingerprint",
    Tone = ActivityTone.User,
    Stem = "user",
    Summary = "{user.userId}"
)]
[Writes("user.*", "Set by SetUser", MembersOf = "user")]
[Writes("user.customAttributes.*", "Set by SetUser", MembersOf = "user.customAttributes")]
public sealed class SetUser : FlowActivity
{
    /// <summary>A person's id is a key: of tokens, of lists, of indexes.</summary>
    private const int LongestId = 512;

    private readonly FlowShape _shape;
    private readonly Template[] _texts;
    private readonly JsonTemplate _attributes;

    internal SetUser(SetUserSettings settings)
    {
        var user = settings.User;
        (string Name, Template? Template)[] all =
        [
            ("userId", user.UserId),
            ("loginId", user.LoginId),
            ("email", user.Email),
            ("name", user.Name),
        ];
        var given = all.Where(pair => pair.Template is not null).ToArray();
        _texts = [.. given.Select(pair => pair.Template!)];
        _attributes = user.CustomAttributes;
        _shape = FlowShape.Of([.. given.Select(pair => pair.Name), .. _attributes.IsNone ? Array.Empty<string>() : ["customAttributes"]]);
    }

    /// <summary>Where the id comes from, when it comes from one place and nothing stands in for it.</summary>
    internal override ContextPath? Needs =>
        _texts[0] is { IsSingleExpression: true } id && id.Parts[0].Expression is { HasFallback: false } expression
            ? expression.Path
            : null;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) =>
        ContextWrites.Of(
            ContextRoot.User,
            ContextWrite.Whole,
            ValueShape.Object(
                _shape.Names.ToArray().Select(name => (name, name == "customAttributes" ? _attributes.Shape() : ValueShape.Scalar))
            )
        );

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var values = new FlowValue[_shape.Count];
        for (var i = 0; i < _texts.Length; i++)
            values[i] = _texts[i].EvaluateText(context, ValueEncoder.None);
        if (!_attributes.IsNone)
            values[^1] = _attributes.Evaluate(context);

        if (!values[0].TryGetText(out var id) || string.IsNullOrWhiteSpace(id))
            return new(Outcome.Fail(FlowErrors.UserId, "SetUser got an empty userId."));
        if (id.Length > LongestId || id.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            return new(
                Outcome.Fail(FlowErrors.UserIdForm, $"SetUser got a userId of {id.Length} characters, or with control characters in it.")
            );

        var user = FlowValue.From(new FlowObject(_shape, values));
        if (ValueLimits.Check(user, "The user") is { } problem)
            return new(Outcome.Fail(problem));
        context.User = user;
        if (context.Step is { } step)
        {
            step.Output = context.User;
            step.AddWrite("user");
        }
        return new(Outcome.Success);
    }
}
