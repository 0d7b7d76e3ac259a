using System.Text;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Stateless: reads the links of an answer (RFC 8288, 3; forgiving as its appendix B.2).</summary>
internal static class LinkHeader
{
    /// <summary>The target of the first link with that relation, as it is written; null when there is none. A link with another context
    /// (<c>anchor</c>) is none of the answer's.</summary>
    /// <param name="header">The header's value; several, joined by commas.</param>
    /// <param name="relation">The relation type, such as <c>next</c>.</param>
    public static string? Find(string header, string relation)
    {
        var position = 0;
        while (Skip(header, ref position, " \t,") && header[position] == '<')
        {
            var end = header.IndexOf('>', position);
            if (end < 0)
                return null;
            var target = header[(position + 1)..end];
            position = end + 1;
            if (ReadParameters(header, ref position, relation))
                return target;
        }
        return null;
    }

    /// <summary>Reads the parameters of one link, up to the comma behind them.</summary>
    /// <returns>Whether it has the relation, and the answer as its context.</returns>
    private static bool ReadParameters(string header, ref int position, string relation)
    {
        string? relations = null;
        var isElsewhere = false;
        while (Skip(header, ref position, " \t") && header[position] == ';')
        {
            position++;
            Skip(header, ref position, " \t");
            var start = position;
            Until(header, ref position, " \t=;,");
            var name = header.AsSpan(start, position - start);
            Skip(header, ref position, " \t");
            var value = position < header.Length && header[position] == '=' ? ReadValue(header, ref position) : "";
            // Of several the first counts (3.3).
            if (name.Equals("rel", StringComparison.OrdinalIgnoreCase))
                relations ??= value;
            isElsewhere |= name.Equals("anchor", StringComparison.OrdinalIgnoreCase);
        }
        Until(header, ref position, ",");
        return !isElsewhere
            && relations?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Contains(relation, StringComparer.OrdinalIgnoreCase)
                == true;
    }

    /// <summary>A token, or a quoted text.</summary>
    private static string ReadValue(string header, ref int position)
    {
        position++;
        if (!Skip(header, ref position, " \t") || header[position] != '"')
        {
            var start = position;
            Until(header, ref position, " \t;,");
            return header[start..position];
        }
        var value = new StringBuilder();
        for (position++; position < header.Length && header[position] != '"'; position++)
        {
            if (header[position] == '\\' && position + 1 < header.Length)
                position++;
            value.Append(header[position]);
        }
        if (position < header.Length)
            position++;
        return value.ToString();
    }

    /// <summary>Goes on to the first character that is none of these.</summary>
    /// <returns>Whether there is one.</returns>
    private static bool Skip(string text, ref int position, string characters)
    {
        while (position < text.Length && characters.Contains(text[position], StringComparison.Ordinal))
            position++;
        return position < text.Length;
    }

    /// <summary>Goes on to the first character that is one of these, or the end.</summary>
    private static void Until(string text, ref int position, string characters)
    {
        while (position < text.Length && !characters.Contains(text[position], StringComparison.Ordinal))
            position++;
    }
}
