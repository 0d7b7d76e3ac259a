using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>Stateless: settings that come from a configuration, where everything is text: files, environment variables, the command
/// line.</summary>
internal static class ConfiguredSettings
{
    /// <summary>Sets what a configuration says on an object, and on those within it.</summary>
    public static void Bind(object settings, IConfiguration configuration, DiagnosticBag problems)
    {
        var descriptor = SettingsDescriptor.Of(settings.GetType());
        var root = SourceLocation.Root(null);
        descriptor.BindOnto(settings, ToJson(descriptor, configuration, root, problems), root, problems);
    }

    /// <summary>The settings that were given and do not exist, each with advice that names what was probably meant, or null.</summary>
    /// <param name="configuration">What was given.</param>
    /// <param name="names">The settings that there are.</param>
    /// <param name="foreign">Sections of other programs.</param>
    public static IReadOnlyList<(string Name, string? Advice)> Unknown(
        IConfiguration configuration,
        IReadOnlyList<string> names,
        params IReadOnlyList<string> foreign
    )
    {
        var known = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. from pair in configuration.AsEnumerable(makePathsRelative: true)
            where pair.Value is not null && !foreign.Contains(pair.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase)
            // An element of a list has its number behind the name.
            let name = int.TryParse(pair.Key.Split(':')[^1], out _) ? pair.Key[..pair.Key.LastIndexOf(':')] : pair.Key
            where !known.Contains(name)
            select (name, Suggestion.Nearest(name, names) is { } near ? Suggestion.DidYouMean(near) : null),
        ];
    }

    /// <summary>Throws when there are problems, with all of them, each by the name of its setting.</summary>
    /// <exception cref="SettingsException">There are.</exception>
    public static void ThrowAny(DiagnosticBag problems)
    {
        if (problems.HasErrors)
            throw new SettingsException([
                .. problems.Items.Select(problem =>
                    $"{(problem.Pointer.Length == 0 ? "" : NameOf(problem.Pointer) + ": ")}{problem.Message} {problem.Advice}".TrimEnd()
                ),
            ]);
    }

    /// <summary>The name of a setting, such as <c>RateLimits:StartsPerMinute</c>, of the pointer of its place.</summary>
    private static string NameOf(string pointer) => string.Join(':', JsonPointer.Segments(pointer).Select(SettingCatalogue.NameOf));

    /// <summary>The configuration as JSON: each text as what its setting takes, where it is such a one.</summary>
    private static FlowObject ToJson(SettingsDescriptor settings, IConfiguration configuration, SourceLocation at, DiagnosticBag problems)
    {
        var json = new FlowObjectBuilder(settings.Settings.Count);
        foreach (var setting in settings.Settings)
        {
            var section = configuration.GetSection(setting.Name);
            if (setting.Nested is { } nested)
                json.Set(setting.Name, FlowValue.From(ToJson(nested.Value, section, at.At(setting.Name), problems)));
            else if (setting.Kind == SettingKind.List)
                SetList(json, setting, section, at.At(setting.Name), problems);
            else if (section.Value is { Length: > 0 } text)
                json.Set(setting.Name, ToJson(setting, text, at.At(setting.Name), problems));
        }
        return json.Build();
    }

    /// <summary>A list: a JSON array in a file, <c>Name__0</c>, <c>Name__1</c> in the environment, or one text with commas.</summary>
    private static void SetList(
        FlowObjectBuilder json,
        SettingDescriptor setting,
        IConfigurationSection section,
        SourceLocation at,
        DiagnosticBag problems
    )
    {
        var texts = section.Value is { Length: > 0 } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. section.GetChildren().Select(child => child.Value ?? "")];
        if (texts.Length > 0)
            json.Set(setting.Name, FlowValue.Array(texts.Select(one => ToJson(setting.Element!, one, at, problems))));
    }

    private static FlowValue ToJson(SettingDescriptor setting, string text, SourceLocation at, DiagnosticBag problems)
    {
        switch (setting.Kind)
        {
            case SettingKind.Integer:
                if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    return FlowValue.From(number);
                problems.Error(FlowErrors.Type, at, $"'{text}' is not a whole number, or is too large.", "");
                return FlowValue.Missing;
            case SettingKind.Boolean:
                if (bool.TryParse(text, out var flag))
                    return FlowValue.From(flag);
                problems.Error(FlowErrors.Type, at, $"'{text}' is neither true nor false.", "");
                return FlowValue.Missing;
            default:
                return FlowValue.From(text);
        }
    }
}
