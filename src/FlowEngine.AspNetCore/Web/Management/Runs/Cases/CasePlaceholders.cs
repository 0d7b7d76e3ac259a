using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Json;

namespace FlowEngine.AspNetCore.Web.Management.Runs.Cases;

/// <summary>Per case, single-threaded: puts harmless texts where a trace
/// has a masked secret or the hash of a password, and notes each.</summary>
internal sealed partial class CasePlaceholders
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _warnings = [];
    private int _count;
    private (string Password, string Hash) _hash = ("", "");

    /// <summary>What was replaced, for people.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The secret that was entered last; null for none.</summary>
    public string? LastEntered { get; private set; }

    /// <summary>The secret that fitted a stored hash; null when none did.</summary>
    public string? Matched { get; set; }

    /// <summary>The value without masks and hashes.</summary>
    /// <param name="value">The value.</param>
    /// <param name="where">Where it stands, for the warning.</param>
    public FlowValue Replace(FlowValue value, string where)
    {
        if (value.TryGetText(out var text))
            return FlowValue.From(Replace(text, where));
        if (value.TryGetArray(out var items))
            return FlowValue.Array(items.Select((item, index) => Replace(item, $"{where}[{index}]")).ToArray());
        if (!value.TryGetObject(out var members))
            return value;
        var replaced = new FlowObjectBuilder(members.Count);
        foreach (var (name, member) in members)
            replaced.Set(name, Replace(member, $"{where}.{name}"));
        return FlowValue.From(replaced.Build());
    }

    /// <summary>A secret that a person entered: a text that the input takes.</summary>
    /// <param name="component">The input as the screen declares it; missing when it is not known.</param>
    /// <param name="where">Where it stands, for the warning.</param>
    public string Enter(FlowValue component, string where)
    {
        var least = component.Get("minLength").TryGetInteger(out var minimum) ? (int)Math.Clamp(minimum, 0, 1000) : 0;
        var most = component.Get("maxLength").TryGetInteger(out var maximum) ? (int)Math.Clamp(maximum, 1, 1000) : 1000;
        var number = ++_count;
        string[] candidates = [$"placeholder-{number}", $"Placeholder-{number}!", $"{number}23456", $"{number}234567890123456789"];
        var fitting = candidates
            .Select(candidate => Fit(candidate, least, most))
            .FirstOrDefault(candidate => Matches(component.Get("pattern"), candidate));
        _warnings.Add(
            fitting is null
                ? $"{where}: put a text there that the screen's pattern takes; what the person entered is secret."
                : $"{where}: what the person entered is secret; '{fitting}' stands for it."
        );
        return LastEntered = fitting ?? candidates[0];
    }

    private string Replace(string text, string where)
    {
        if (MaskedHash().IsMatch(text) || PasswordHash.SchemeLength(text) > 0)
        {
            _warnings.Add(
                $"{where}: the hash of a password was replaced by that of "
                    + $"{(Matched is null ? "a text that nobody enters" : $"'{Matched}'")}."
            );
            return HashOf(Matched ?? "a text that nobody enters");
        }
        if (!text.Contains(JsonWriting.Mask, StringComparison.Ordinal))
            return text;
        var placeholder = $"placeholder-{++_count}";
        _warnings.Add($"{where}: a secret was replaced by '{placeholder}'.");
        return text.Replace(JsonWriting.Mask, placeholder, StringComparison.Ordinal);
    }

    /// <summary>One hash for all places: a trace may list those of a whole table.</summary>
    private string HashOf(string password)
    {
        if (_hash.Password != password)
            _hash = (password, PasswordHash.Create(password));
        return _hash.Hash;
    }

    private static string Fit(string text, int least, int most)
    {
        while (text.Length < least)
            text += text;
        return text.Length > most ? text[..most] : text;
    }

    private static bool Matches(FlowValue pattern, string text)
    {
        if (!pattern.TryGetText(out var expression) || expression.Length == 0)
            return true;
        try
        {
            return Regex.IsMatch(text, $@"\A(?:{expression})\z", RegexOptions.NonBacktracking, PatternTime);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="FlowEngine.Tracing.Redactor"/> leaves the hash of a password: its scheme, and the mask.</summary>
    [GeneratedRegex(@"\A(\$[a-z0-9-]+\$(\d\d\$)?|AQAAAA)\*\*\*\z")]
    private static partial Regex MaskedHash();
}
