using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Compilation;

/// <summary>Reads a flow's optional top-level members (SPEC 3). Stateless.</summary>
internal static class FlowOptionsReader
{
    private static readonly string[] InputTypes = ["string", "number", "integer", "boolean", "object", "array", "any"];

    public static FlowOptions Read(FlowDefinition flow, DiagnosticBag problems)
    {
        var json = flow.Json;
        var root = flow.Location;
        var (audience, sessionMinutes, refreshDays) = ReadTokens(json.Get("tokens"), root.At("tokens"), problems);
        return new FlowOptions
        {
            Inputs = ReadInputs(json.Get("inputs"), root.At("inputs"), problems),
            UndeclaredInputs = ReadUndeclaredInputs(json.Get("undeclaredInputs"), root.At("undeclaredInputs"), problems),
            Durability = ReadDurability(json.Get("durability"), root.At("durability"), problems),
            Reference = ReadReference(json.Get("reference"), root.At("reference"), problems),
            ExpiresAfter = ReadExpiry(json.Get("expiresAfter"), root.At("expiresAfter"), problems),
            RedirectUris = ReadRedirectUris(json.Get("redirectUris"), root.At("redirectUris"), problems),
            RequirePkce = ReadRequirePkce(json.Get("requirePkce"), root.At("requirePkce"), problems),
            Locales = ReadLocales(json.Get("locales"), root.At("locales"), problems),
            Audience = audience,
            SessionMinutes = sessionMinutes,
            RefreshDays = refreshDays,
        };
    }

    private static List<FlowInput> ReadInputs(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        var inputs = new List<FlowInput>();
        if (!IsObject(json, at, problems, out var byName))
            return inputs;
        if (byName!.Count > FlowLimits.Items)
        {
            problems.Error(FlowErrors.TooLarge, at, $"The flow declares {byName.Count} inputs; {FlowLimits.Items} are allowed.");
            return inputs;
        }

        foreach (var (name, value) in byName)
        {
            if (!IsObject(value, at.At(name), problems, out var input))
                continue;

            var type = "any";
            if (input!.Get("type") is { IsMissing: false } declared && (!declared.TryGetText(out type!) || !InputTypes.Contains(type)))
            {
                problems.Error(
                    FlowErrors.Value,
                    at.At(name).At("type"),
                    $"{declared} is not a type of input.",
                    $"Use one of: {string.Join(", ", InputTypes)}."
                );
                type = "any";
            }
            var required = false;
            if (input.Get("required") is { IsMissing: false } flag && !flag.TryGetBoolean(out required))
                problems.Error(FlowErrors.Type, at.At(name).At("required"), "'required' is not true or false.", "Write true or false.");
            if (input.Get("default") is { IsNothing: false } standard && !RunInputs.Fits(type, standard))
                problems.Error(
                    FlowErrors.Type,
                    at.At(name).At("default"),
                    $"The default of '{name}' is not of type {type}.",
                    $"Write a value of type {type}."
                );
            var sensitive = false;
            if (input.Get("sensitive") is { IsMissing: false } mark && !mark.TryGetBoolean(out sensitive))
                problems.Error(FlowErrors.Type, at.At(name).At("sensitive"), "'sensitive' is not true or false.", "Write true or false.");
            inputs.Add(new FlowInput(name, type, required, input.Get("default")) { Sensitive = sensitive });
        }
        return inputs;
    }

    private static bool ReadUndeclaredInputs(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.IsNothing)
            return false;
        if (!json.TryGetBoolean(out var takes))
            problems.Error(FlowErrors.Type, at, "'undeclaredInputs' is not true or false.", "Write true or false.");
        if (takes)
            problems.Warning(FlowErrors.UndeclaredInputs, at, "The flow takes inputs and form names that nobody declared.");
        return takes;
    }

    /// <summary>Who may start the flow; what a flow does not say follows from whether it shows a screen.</summary>
    public static FlowAccess ReadAccess(FlowDefinition flow, bool hasScreen, DiagnosticBag problems)
    {
        var (json, at) = (flow.Json.Get("access"), flow.Location.At("access"));
        if (json.IsNothing)
            return hasScreen ? FlowAccess.Public : FlowAccess.Key;
        switch (json.TryGetText(out var text) ? text : "")
        {
            case "public":
                return FlowAccess.Public;
            case "key":
                return FlowAccess.Key;
            default:
                problems.Error(FlowErrors.Value, at, $"{json} is not an access.", "Use \"public\" or \"key\".");
                return FlowAccess.Key;
        }
    }

    private static Durability ReadDurability(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.IsNothing || json.TryGetText(out var text) && text == "screen")
            return Durability.Screen;
        if (json.TryGetText(out text) && text == "step")
            return Durability.Step;
        problems.Error(FlowErrors.Value, at, $"{json} is not a durability.", "Use \"screen\" or \"step\".");
        return Durability.Screen;
    }

    private static string? ReadReference(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.IsNothing)
            return null;
        if (!json.TryGetText(out var text))
        {
            problems.Error(FlowErrors.Type, at, "'reference' is not a text.", "Write a template, such as \"{{form.email}}\".");
            return null;
        }
        var found = new DiagnosticBag();
        var template = Template.Parse(text, at, found);
        problems.AddRange(found.Items);
        if (found.HasErrors)
            return null;
        if (!template.IsLiteral)
            return text;
        problems.Error(
            FlowErrors.Value,
            at,
            "'reference' is the same for every run.",
            "Write a template with a path in it, such as \"{{form.email}}\"."
        );
        return null;
    }

    private static TimeSpan ReadExpiry(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        var standard = new FlowOptions().ExpiresAfter;
        if (json.IsNothing)
            return standard;
        if (
            json.TryGetText(out var text)
            && Durations.TryParse(text, out var span)
            && span > TimeSpan.Zero
            && span <= TimeSpan.FromDays(366)
        )
            return span;
        problems.Error(
            FlowErrors.Value,
            at,
            $"{json} is not a duration.",
            "Write an ISO 8601 duration of at most a year, such as \"PT1H\"."
        );
        return standard;
    }

    private static List<string> ReadRedirectUris(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        var uris = new List<string>();
        if (json.IsNothing)
            return uris;
        if (!json.TryGetArray(out var array))
        {
            problems.Error(FlowErrors.Type, at, "'redirectUris' is not an array.", "Write an array of absolute URLs.");
            return uris;
        }

        for (var i = 0; i < array.Count; i++)
        {
            if (
                array[i].TryGetText(out var text)
                && Uri.TryCreate(text, UriKind.Absolute, out var uri)
                && uri.Fragment.Length == 0
                && uri.Scheme is not ("javascript" or "data" or "vbscript")
            )
                uris.Add(text);
            else
                problems.Error(
                    FlowErrors.Value,
                    at.At(i),
                    $"{array[i]} is not an absolute URL without a fragment.",
                    "Write the whole URL; it is compared as a whole."
                );
        }
        return uris;
    }

    private static bool ReadRequirePkce(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.IsNothing || json.TryGetBoolean(out var isRequired) && isRequired)
            return true;
        if (json == FlowValue.False)
            return false;
        problems.Error(FlowErrors.Type, at, "'requirePkce' is not true or false.", "Write true or false.");
        return true;
    }

    private static FlowValue ReadLocales(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (!IsObject(json, at, problems, out var locales))
            return FlowValue.Missing;
        foreach (var (locale, texts) in locales!)
            IsObject(texts, at.At(locale), problems, out _);
        return json;
    }

    private static (string? Audience, int SessionMinutes, int RefreshDays) ReadTokens(
        FlowValue json,
        SourceLocation at,
        DiagnosticBag problems
    )
    {
        var standard = new FlowOptions();
        if (!IsObject(json, at, problems, out var tokens))
            return (null, standard.SessionMinutes, standard.RefreshDays);

        string? audience = null;
        if (tokens!.Get("audience") is { IsNothing: false } value && !value.TryGetText(out audience))
            problems.Error(FlowErrors.Type, at.At("audience"), "'audience' is not a text.", "Write a text here.");
        return (audience, Whole("sessionMinutes", standard.SessionMinutes, 1440), Whole("refreshDays", standard.RefreshDays, 366));

        int Whole(string name, int otherwise, int maximum)
        {
            var number = tokens.Get(name);
            if (number.IsNothing)
                return otherwise;
            if (number.TryGetInteger(out var whole) && whole >= 1 && whole <= maximum)
                return (int)whole;
            problems.Error(FlowErrors.Range, at.At(name), $"'{name}' is {number}.", $"Use a whole number from 1 to {maximum}.");
            return otherwise;
        }
    }

    private static bool IsObject(FlowValue json, SourceLocation at, DiagnosticBag problems, out FlowObject? obj)
    {
        if (json.TryGetObject(out obj))
            return true;
        if (!json.IsNothing)
            problems.Error(FlowErrors.Type, at, "An object is expected here.", "Write an object here.");
        return false;
    }
}
