namespace FlowEngine.Model;

/// <summary>Ids of flows, activities, screens and connectors. Stateless.</summary>
public static class Identifier
{
    /// <summary>Whether a text can be an id: letters, digits, '-', '_' and '.', at most 100, beginning with a letter or digit, without
    /// "..". Such a text is safe in a file name and a URL.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length is 0 or > 100 || !char.IsAsciiLetterOrDigit(text[0]) || text.Contains("..", StringComparison.Ordinal))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
                return false;
        }
        return true;
    }

    /// <summary>Whether a text can be a context key: a name that a path can hold without brackets.</summary>
    public static bool IsContextKey(string text)
    {
        if (text.Length is 0 or > 100)
            return false;
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '_' or '$'))
                return false;
        }
        return true;
    }
}
