using System.Collections;
using System.Globalization;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Settings;

/// <summary>Turns one JSON value into the value of a settings property. Stateless; used when a flow is compiled.</summary>
internal static class SettingBinder
{
    public static bool TryBind(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems, out object? value)
    {
        if (setting.Attribute.LocalRoots is not { } roots)
            return TryBindValue(setting, json, at, problems, out value);
        var outer = problems.LocalRoots;
        problems.LocalRoots = [.. outer, .. roots];
        try
        {
            return TryBindValue(setting, json, at, problems, out value);
        }
        finally
        {
            problems.LocalRoots = outer;
        }
    }

    private static bool TryBindValue(
        SettingDescriptor setting,
        FlowValue json,
        SourceLocation at,
        DiagnosticBag problems,
        out object? value
    )
    {
        value = setting.Kind switch
        {
            SettingKind.Text => BindText(setting, json, at, problems),
            SettingKind.Template => BindTemplate(setting, json, at, problems),
            SettingKind.JsonTemplate => JsonTemplate.Parse(json, at, problems),
            SettingKind.TemplateMap => BindTemplateMap(json, at, problems),
            SettingKind.Json => json,
            SettingKind.Integer => BindInteger(setting, json, at, problems),
            SettingKind.Number => BindNumber(setting, json, at, problems),
            SettingKind.Boolean => json.TryGetBoolean(out var boolean) ? boolean : WrongType(at, "true or false", json, problems),
            SettingKind.Duration => BindDuration(setting, json, at, problems),
            SettingKind.Url => BindUrl(json, at, problems),
            SettingKind.JsonObject => json.TryGetObject(out var any) ? any : WrongType(at, "an object", json, problems),
            SettingKind.Choice => BindChoice(setting, json, at, problems),
            SettingKind.Secret => json.TryGetText(out var secret) ? new Secret(secret) : WrongType(at, "a text", json, problems),
            SettingKind.Object => json.TryGetObject(out var obj) ? setting.Nested!.Value.Bind(obj, at, problems)
            : setting.Nested!.Value.Shorthand is not null && json.Kind != FlowValueKind.Array
                ? setting.Nested.Value.BindShorthand(json, at, problems)
            : WrongType(at, "an object", json, problems),
            SettingKind.List => BindList(setting, json, at, problems),
            SettingKind.Map => BindMap(setting, json, at, problems),
            _ => throw new InvalidOperationException($"Unknown kind {setting.Kind}."),
        };
        return value is not null;
    }

    /// <summary>Checks a value against the limits of its setting.</summary>
    public static void Check(SettingDescriptor setting, object value, SourceLocation at, DiagnosticBag problems)
    {
        if (setting.Kind is SettingKind.Integer or SettingKind.Number)
            InRange(setting, Convert.ToDouble(value, CultureInfo.InvariantCulture), at, problems);
        else if (value is TimeSpan duration)
            Fits(setting, duration, Durations.ToText(duration), at, problems);
    }

    private static object? BindText(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (!json.TryGetText(out var text))
            return WrongType(at, "a text", json, problems);
        if (text.Length == 0 && setting.Required)
        {
            problems.Error(FlowErrors.Required, at, $"'{at.Name ?? setting.Name}' is empty.", setting.Description);
            return null;
        }
        if (setting.Choices is { } choices && !choices.Contains(text) && setting.Attribute.Tolerates?.Contains(text) != true)
        {
            problems.Error(
                FlowErrors.Value,
                at,
                $"'{text}' is not allowed for '{at.Name ?? setting.Name}'.",
                $"Use one of: {string.Join(", ", choices)}."
            );
            return null;
        }
        return setting.Type.IsEnum ? Enum.Parse(setting.Type, text, ignoreCase: true) : text;
    }

    private static object? BindChoice(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (setting.Options.FirstOrDefault(option => option.Value == json) is { } chosen)
            return chosen.Member;
        problems.Error(
            FlowErrors.Value,
            at,
            $"{json.ToJson()} is not allowed for '{at.Name ?? setting.Name}'.",
            $"Use one of: {string.Join(", ", setting.Options.Select(option => option.Value.ToJson()))}."
        );
        return null;
    }

    private static Template? BindTemplate(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.Kind is FlowValueKind.Array or FlowValueKind.Object)
            return (Template?)WrongType(at, "a text", json, problems);

        // A number or boolean where a text is meant is taken as its text.
        var text = json.ToText();
        if (text.Length == 0 && setting.Required)
        {
            problems.Error(FlowErrors.Required, at, $"'{at.Name ?? setting.Name}' is empty.", setting.Description);
            return null;
        }
        return Template.Parse(text, at, problems);
    }

    private static TemplateMap? BindTemplateMap(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (!json.TryGetObject(out var obj))
            return (TemplateMap?)WrongType(at, "an object", json, problems);
        if (IsTooLong(obj.Count, at, problems))
            return null;

        var entries = new List<KeyValuePair<string, Template>>(obj.Count);
        foreach (var (name, value) in obj)
        {
            if (value.Kind is FlowValueKind.Array or FlowValueKind.Object)
                WrongType(at.At(name), "a text", value, problems);
            else
                entries.Add(KeyValuePair.Create(name, Template.Parse(value.ToText(), at.At(name), problems)));
        }
        return new TemplateMap([.. entries]);
    }

    private static object? BindInteger(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (!json.TryGetInteger(out var number))
            return WrongType(at, "a whole number", json, problems);
        if (!InRange(setting, number, at, problems))
            return null;
        if (setting.Type == typeof(long))
            return number;
        if (number is >= int.MinValue and <= int.MaxValue)
            return (int)number;
        problems.Error(FlowErrors.Range, at, $"'{at.Name ?? setting.Name}' is {number}, which is too large.");
        return null;
    }

    private static object? BindNumber(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (!json.TryGetDouble(out var number))
            return WrongType(at, "a number", json, problems);
        return InRange(setting, number, at, problems) ? number : null;
    }

    private static bool InRange(SettingDescriptor setting, double number, SourceLocation at, DiagnosticBag problems)
    {
        var (minimum, maximum) = (setting.Attribute.Minimum, setting.Attribute.Maximum);
        if (!(number < minimum) && !(number > maximum))
            return true;

        var unit = setting.Attribute.Unit is { } name ? " " + name : "";
        var limits =
            double.IsNaN(maximum) ? $"at least {minimum}{unit}"
            : double.IsNaN(minimum) ? $"at most {maximum}{unit}"
            : $"from {minimum} to {maximum}{unit}";
        problems.Error(FlowErrors.Range, at, $"'{at.Name ?? setting.Name}' is {number}{unit}.", $"Use a number {limits}.");
        return false;
    }

    private static object? BindList(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        var isOne = setting.IsOneOfList(json);
        if (isOne)
            json = FlowValue.Array([json]);
        if (!json.TryGetArray(out var array))
            return WrongType(at, "an array", json, problems);
        if (IsTooLong(array.Count, at, problems, setting.MaxItems))
            return null;
        if (array.Count == 0 && setting.Required)
        {
            problems.Error(FlowErrors.Required, at, $"'{at.Name ?? setting.Name}' is empty.", setting.Description);
            return null;
        }

        var element = setting.Element!;
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element.Type))!;
        for (var i = 0; i < array.Count; i++)
        {
            if (TryBind(element, array[i], isOne ? at : at.At(i), problems, out var value))
                list.Add(value);
        }
        return list;
    }

    private static object? BindMap(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (!json.TryGetObject(out var obj))
            return WrongType(at, "an object", json, problems);
        if (IsTooLong(obj.Count, at, problems))
            return null;

        var element = setting.Element!;
        var map = (IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), element.Type))!;
        foreach (var (name, value) in obj)
        {
            if (TryBind(element, value, at.At(name), problems, out var bound))
                map.Add(name, bound);
        }
        return map;
    }

    private static TimeSpan? BindDuration(SettingDescriptor setting, FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        var duration = json.TryGetText(out var text) && Durations.TryParse(text, out var parsed) ? parsed : TimeSpan.Zero;
        return Fits(setting, duration, json.ToString(), at, problems) ? duration : null;
    }

    private static bool Fits(SettingDescriptor setting, TimeSpan duration, string text, SourceLocation at, DiagnosticBag problems)
    {
        var longest = setting.Attribute.Longest;
        if (duration > TimeSpan.Zero && (longest is null || duration <= Durations.Parse(longest)))
            return true;
        var limit = longest is null ? "" : $" of at most {longest}";
        problems.Error(FlowErrors.Value, at, $"{text} is not a duration{limit}.", $"Write an ISO 8601 duration{limit}, such as \"PT1H\".");
        return false;
    }

    /// <summary>A URL may hold a password, so it is not repeated.</summary>
    private static Uri? BindUrl(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (
            json.TryGetText(out var text)
            && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Fragment.Length == 0
            && url.Scheme is not ("javascript" or "data" or "vbscript")
        )
            return url;
        problems.Error(FlowErrors.Value, at, "This is not an absolute URL without a fragment.", "Write the whole URL.");
        return null;
    }

    private static bool IsTooLong(int count, SourceLocation at, DiagnosticBag problems, int most = FlowLimits.Items)
    {
        if (count <= most)
            return false;
        problems.Error(FlowErrors.TooLarge, at, $"There are {count} elements; {most} are allowed.");
        return true;
    }

    private static object? WrongType(SourceLocation at, string wanted, FlowValue json, DiagnosticBag problems)
    {
        var got = json.Kind switch
        {
            FlowValueKind.Null => "null",
            FlowValueKind.Array => "an array",
            FlowValueKind.Object => "an object",
            FlowValueKind.String => "a text",
            FlowValueKind.Number => "a number",
            _ => "a boolean",
        };
        problems.Error(FlowErrors.Type, at, $"Expected {wanted}, found {got}.", $"Write {wanted} here.");
        return null;
    }
}
