using System.Globalization;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Templates;

/// <summary>The roots of the context (SPEC 4).</summary>
public enum ContextRoot : byte
{
    /// <summary>Screen inputs.</summary>
    Form,

    /// <summary>Inputs given at start.</summary>
    Client,

    /// <summary>The person, as SetUser wrote them.</summary>
    User,

    /// <summary>Results of connector activities, by context key.</summary>
    Connectors,

    /// <summary>Results of scriptlets and subflows, by context key.</summary>
    Scripts,

    /// <summary>Custom claims.</summary>
    Claims,

    /// <summary>The flow and the run.</summary>
    Flow,

    /// <summary>The device that started the run.</summary>
    Device,

    /// <summary>The last error.</summary>
    Error,

    /// <summary>Local, see <see cref="Settings.SettingAttribute.LocalRoots"/>: what the statements before gave, in the order in which they
    /// stand.</summary>
    Statements,

    /// <summary>Local, see <see cref="Settings.SettingAttribute.LocalRoots"/>: the answer of an API: <c>statusCode</c>, <c>headers</c>,
    /// <c>body</c>.</summary>
    Response,

    /// <summary>Local, see <see cref="Settings.SettingAttribute.LocalRoots"/>: the item of a ForEach.</summary>
    Item,

    /// <summary>Local, see <see cref="Settings.SettingAttribute.LocalRoots"/>: the place of that item in its list, from 0.</summary>
    Index,
}

/// <summary>Shared and immutable: a parsed path such as <c>connectors.profile.headers["x-region"]</c>.</summary>
public sealed class ContextPath
{
    private readonly Segment[] _segments;

    private ContextPath(string text, ContextRoot root, Segment[] segments)
    {
        Text = text;
        Root = root;
        _segments = segments;
    }

    private readonly record struct Segment(string? Name, int Index, bool IgnoreCase);

    /// <summary>The names of the roots that every run has; the others are local to what makes them.</summary>
    internal static string[] RunRoots { get; } =
    [.. Enum.GetValues<ContextRoot>().Where(root => root < ContextRoot.Statements).Select(root => root.ToString().ToLowerInvariant())];

    /// <summary>Whether it begins with a root that only the activity knows in which it stands.</summary>
    internal bool IsLocal => Root >= ContextRoot.Statements;

    /// <summary>The path as written.</summary>
    public string Text { get; }

    /// <summary>Where it begins.</summary>
    public ContextRoot Root { get; }

    /// <summary>The name of the root.</summary>
    public string RootName => Root.ToString().ToLowerInvariant();

    /// <summary>The name or index that follows the root; null when nothing does. For checks, not for the run path.</summary>
    public string? FirstSegment =>
        _segments.Length == 0 ? null : _segments[0].Name ?? _segments[0].Index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The names and indexes after the root, as text; for suggestions and checks, not for the run path.</summary>
    public IEnumerable<string> Segments => _segments.Select(s => s.Name ?? s.Index.ToString(CultureInfo.InvariantCulture));

    /// <summary>That something reads the path.</summary>
    /// <param name="at">Where it is read.</param>
    /// <param name="use">What becomes of it when there is no value.</param>
    internal PathRead ReadAt(SourceLocation at, PathUse use) =>
        new(RootName, Array.ConvertAll(_segments, segment => new PathPart(segment.Name, segment.Index)), use, at);

    /// <summary>The value that the path leads to, or <see cref="FlowValue.Missing"/>.
    /// It carries the sensitive mark of everything it lies in.</summary>
    public FlowValue Evaluate(ReadContext context) => From(context.Get(Root));

    /// <summary>The value that it leads to from that of its root.</summary>
    internal FlowValue From(FlowValue value)
    {
        foreach (ref readonly var segment in _segments.AsSpan())
        {
            if (segment.Name is null)
                value = value.Get(segment.Index);
            else if (segment.IgnoreCase)
                value = value.GetIgnoringCase(segment.Name);
            else
                value = value.Get(segment.Name);
        }
        return value;
    }

    /// <summary>Parses a path that begins with a root that every run has.</summary>
    /// <param name="text">The path.</param>
    /// <param name="path">The parsed path, or null.</param>
    /// <param name="problem">What is wrong, or null.</param>
    public static bool TryParse(string text, out ContextPath? path, out PathProblem? problem) => TryParse(text, [], out path, out problem);

    /// <summary>Parses a path.</summary>
    /// <param name="text">The path.</param>
    /// <param name="localRoots">The roots that it may begin with beside those that every run has.</param>
    /// <param name="path">The parsed path, or null.</param>
    /// <param name="problem">What is wrong, or null.</param>
    internal static bool TryParse(string text, string[] localRoots, out ContextPath? path, out PathProblem? problem)
    {
        path = null;
        problem = null;
        var names = new List<Segment>();
        var position = 0;

        string? rootName = null;
        while (position < text.Length || rootName is null)
        {
            if (rootName is not null && text[position] == '[')
            {
                if (!TryParseBracket(text, ref position, out var segment))
                {
                    problem = new PathProblem(
                        false,
                        $"'{text}' has a bracket that is neither [0] nor [\"name\"], at character {position + 1}."
                    );
                    return false;
                }
                names.Add(segment);
                continue;
            }

            if (rootName is not null)
            {
                if (text[position] != '.')
                {
                    problem = new PathProblem(false, $"'{text}' has an unexpected '{text[position]}' at character {position + 1}.");
                    return false;
                }
                position++;
            }

            var start = position;
            while (position < text.Length && PathText.IsNameCharacter(text[position]))
                position++;
            if (position == start)
            {
                problem = new PathProblem(
                    false,
                    text.Length == 0 ? "The path is empty." : $"'{text}' lacks a name at character {position + 1}."
                );
                return false;
            }

            var name = text[start..position];
            if (rootName is null)
                rootName = name;
            else
                names.Add(new Segment(name, 0, false));
        }

        if (!TryParseRoot(rootName, out var root) && !TryParseLocal(rootName, localRoots, out root))
        {
            problem = new PathProblem(true, $"'{text}' begins with '{rootName}', which is not a root of the context here.");
            return false;
        }

        var segments = names.ToArray();
        // connectors.<key>.headers.<name>: header names match without regard to case (RFC 9110, 5.1).
        var headers = root switch
        {
            ContextRoot.Connectors => 1,
            ContextRoot.Response => 0,
            _ => segments.Length,
        };
        if (segments.Length > headers + 1 && segments[headers].Name == "headers" && segments[headers + 1].Name is not null)
            segments[headers + 1] = segments[headers + 1] with { IgnoreCase = true };
        path = new ContextPath(text, root, segments);
        return true;
    }

    private static bool TryParseBracket(string text, ref int position, out Segment segment)
    {
        segment = default;
        var inner = position + 1;
        if (inner < text.Length && text[inner] is '"' or '\'')
        {
            var quote = text[inner];
            var name = new StringBuilder();
            for (inner++; inner < text.Length && text[inner] != quote; inner++)
            {
                if (text[inner] == '\\' && inner + 1 < text.Length)
                    inner++;
                name.Append(text[inner]);
            }
            if (inner + 1 >= text.Length || text[inner + 1] != ']')
                return false;
            position = inner + 2;
            segment = new Segment(name.ToString(), 0, false);
            return true;
        }

        var end = text.IndexOf(']', inner);
        if (end < 0 || !int.TryParse(text.AsSpan(inner, end - inner), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return false;
        position = end + 1;
        segment = new Segment(null, index, false);
        return true;
    }

    internal static bool TryParseRoot(string name, out ContextRoot root)
    {
        (var found, root) = name switch
        {
            "form" => (true, ContextRoot.Form),
            "client" => (true, ContextRoot.Client),
            "user" => (true, ContextRoot.User),
            "connectors" => (true, ContextRoot.Connectors),
            "scripts" => (true, ContextRoot.Scripts),
            "claims" => (true, ContextRoot.Claims),
            "flow" => (true, ContextRoot.Flow),
            "device" => (true, ContextRoot.Device),
            "error" => (true, ContextRoot.Error),
            _ => (false, default),
        };
        return found;
    }

    private static bool TryParseLocal(string name, string[] localRoots, out ContextRoot root)
    {
        root = name switch
        {
            "response" => ContextRoot.Response,
            "item" => ContextRoot.Item,
            "index" => ContextRoot.Index,
            _ => ContextRoot.Statements,
        };
        return Array.IndexOf(localRoots, name) >= 0;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Shared and immutable: why a path cannot be parsed.</summary>
/// <param name="IsUnknownRoot">Whether the path is well-formed but begins with an unknown root.</param>
/// <param name="Message">What is wrong.</param>
public sealed record PathProblem(bool IsUnknownRoot, string Message);
