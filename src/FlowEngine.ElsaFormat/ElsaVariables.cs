using FlowEngine.Context;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.ElsaFormat;

/// <summary>Per file; built single-threaded, then read only: where the
/// values of Elsa's variables and inputs stand in the context.</summary>
internal sealed class ElsaVariables
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Takes in the variables that a definition or a flowchart declares.</summary>
    public void Declare(FlowValue variables)
    {
        foreach (var variable in ElsaChart.Elements(variables))
        {
            if (variable.Get("id").TryGetText(out var id) && variable.Get("name").TryGetText(out var name))
                _names[id] = name;
        }
    }

    /// <summary>An activity's output goes into a variable: from then on the variable is that path.</summary>
    /// <returns>Whether the output is bound to a variable at all.</returns>
    public bool Bind(FlowValue output, string path)
    {
        if (!output.Get("memoryReference").Get("id").TryGetText(out var id))
            return false;
        _paths[_names.GetValueOrDefault(id, id)] = path;
        return true;
    }

    /// <summary>The path of a variable: of the output that is bound to it, or
    /// the root of the context that has its name; null for any other.</summary>
    public string? PathOf(string variable)
    {
        if (_paths.TryGetValue(variable, out var path))
            return path;
        return ContextPath.TryParse(variable, out var root, out _) && root!.Text == variable && !root.Segments.Any() ? variable : null;
    }

    /// <summary>The path of a variable that is named by its id.</summary>
    public string? PathOfId(string id) => PathOf(_names.GetValueOrDefault(id, id));

    /// <summary>The path of an input.</summary>
    public static string PathOfInput(string name) => "client" + Member(name);

    /// <summary>A member as it is written behind a path.</summary>
    public static string Member(string name) => Identifier.IsContextKey(name) ? "." + name : PathText.InBrackets(name);
}
