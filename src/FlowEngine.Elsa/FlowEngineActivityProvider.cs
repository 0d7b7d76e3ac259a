using Elsa.Workflows;
using Elsa.Workflows.Models;
using FlowEngine.Activities;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.Settings;

namespace FlowEngine.ElsaActivities;

/// <summary>Shared, thread-safe: our activity types as Elsa's registry and designer know activities.</summary>
internal sealed class FlowEngineActivityProvider(HostedEngine engine) : IActivityProvider
{
    /// <summary>The output of every activity: what it has written.</summary>
    public const string Result = "Result";

    public ValueTask<IEnumerable<ActivityDescriptor>> GetDescriptorsAsync(CancellationToken cancellationToken = default) =>
        new(engine.Activities.Types.Select(Describe).ToList());

    private static ActivityDescriptor Describe(ActivityType type)
    {
        var (name, clrType) = (ElsaType.NameOf(type.Name), type.Ends ? typeof(FlowEngineEnd) : typeof(FlowEngineActivity));
        return new ActivityDescriptor
        {
            TypeName = name,
            ClrType = clrType,
            Namespace = ElsaType.Prefix,
            Name = type.Name,
            Version = 1,
            Category = type.Description.Category,
            DisplayName = Words(type.Name),
            Description = type.Description.Description,
            Kind = ActivityKind.Action,
            IsTerminal = type.Ends,
            Inputs = [.. InputsOf(type).OrderBy(setting => setting.Attribute.Order).Select(Describe), .. MoreInputs(type)],
            Outputs =
            [
                new OutputDescriptor
                {
                    Name = Result,
                    DisplayName = Result,
                    Description = "What the activity has written, without secrets.",
                    Type = typeof(object),
                    IsSynthetic = true,
                    ValueGetter = activity => activity.SyntheticProperties.TryGetValue(Result, out var output) ? output : null,
                    ValueSetter = (activity, output) => activity.SyntheticProperties[Result] = output!,
                },
            ],
            Ports =
            [
                .. type
                    .Description.Outcomes.Concat(type.Description.ErrorEvents)
                    .Select(port => new Port
                    {
                        Name = port,
                        DisplayName = port,
                        Type = PortType.Flow,
                    }),
            ],
            Constructor = context =>
            {
                var made = context.CreateActivity(clrType);
                made.Activity.Type = name;
                made.Activity.Version = 1;
                return made;
            },
        };
    }

    /// <summary>The settings, without those that are called as a member of every activity is: what stands there is Elsa's.</summary>
    private static IEnumerable<SettingDescriptor> InputsOf(ActivityType type) =>
        type.Settings.Settings.Where(setting =>
            setting.Name is not ("id" or "nodeId" or "name" or "type" or "version" or "customProperties" or "metadata")
        );

    /// <summary>An End's name: an activity's own name is Elsa's.</summary>
    private static IEnumerable<InputDescriptor> MoreInputs(ActivityType type)
    {
        if (type.Ends)
            yield return Input(
                "endName",
                "End name",
                "The name of the End, by which a flow that calls this one goes on.",
                typeof(string),
                -1
            );
    }

    private static InputDescriptor Describe(SettingDescriptor setting, int order)
    {
        var isText =
            setting.Kind
            is SettingKind.Text
                or SettingKind.Template
                or SettingKind.Duration
                or SettingKind.Url
                or SettingKind.Choice
                or SettingKind.Secret;
        var input = Input(
            setting.Name,
            setting.Attribute.Label ?? Words(setting.Name),
            setting.Description,
            isText ? typeof(string) : typeof(object),
            order
        );
        input.UIHint = HintOf(setting);
        input.DefaultSyntax =
            isText || setting.Kind is SettingKind.Boolean or SettingKind.Integer or SettingKind.Number ? "Literal" : "Object";
        input.IsSensitive = setting.Kind == SettingKind.Secret;
        if (ChoicesOf(setting) is { Count: > 0 } choices)
            input.UISpecifications = new Dictionary<string, object> { [DropDown] = new { SelectList = new { Items = choices } } };
        return input;
    }

    // Not evaluated by Elsa, which stores what it evaluates: a setting may hold a secret by then.
    private static InputDescriptor Input(string name, string label, string description, Type type, int order) =>
        new()
        {
            Name = name,
            DisplayName = label,
            Description = description,
            Type = type,
            Order = order,
            IsSynthetic = true,
            IsWrapped = true,
            AutoEvaluate = false,
            DefaultSyntax = "Literal",
            UIHint = SingleLine,
            ValueGetter = activity => activity.SyntheticProperties.TryGetValue(name, out var input) ? input : null,
            ValueSetter = (activity, input) => activity.SyntheticProperties[name] = input!,
        };

    private const string SingleLine = "singleline";
    private const string DropDown = "dropdown";

    /// <summary>Which of Elsa's editors a setting is edited with; their names are those of Elsa's <c>InputUIHints</c>.</summary>
    private static string HintOf(SettingDescriptor setting) =>
        setting.Kind switch
        {
            SettingKind.Boolean => "checkbox",
            _ when ChoicesOf(setting).Count > 0 => DropDown,
            _ when setting.Attribute.Editor is SettingEditors.Sql or SettingEditors.JavaScript => "code-editor",
            SettingKind.Text
            or SettingKind.Template
            or SettingKind.Duration
            or SettingKind.Url
            or SettingKind.Secret
            or SettingKind.Integer
            or SettingKind.Number => SingleLine,
            _ => "json-editor",
        };

    private static List<SelectItem> ChoicesOf(SettingDescriptor setting)
    {
        if (setting.Kind is SettingKind.List or SettingKind.Map)
            return [];
        return setting.Options.Count > 0
            ? [.. setting.Options.Select(option => new SelectItem(option.Label, option.Value.ToText()))]
            : [.. (setting.Choices ?? []).Select(choice => new SelectItem(choice, choice))];
    }

    /// <summary><c>contextKey</c> as a label: <c>Context key</c>.</summary>
    private static string Words(string name)
    {
        var words = new System.Text.StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (words.Length == 0)
                words.Append(char.ToUpperInvariant(letter));
            else if (char.IsUpper(letter))
                words.Append(' ').Append(char.ToLowerInvariant(letter));
            else
                words.Append(letter);
        }
        return words.ToString();
    }

    /// <summary>An entry of a drop-down, as Elsa's designer reads it.</summary>
    private sealed record SelectItem(string Text, string Value);
}
