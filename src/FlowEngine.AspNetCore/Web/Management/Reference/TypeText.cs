using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Management.Reference;

/// <summary>
/// Per use: reads a type in the notation of TypeScript and gives its JSON Schema (draft 2020-12, as OpenAPI 3.1 has it):
/// <c>{ id: string, role?: "viewer" | "admin", runs: Run[], more: map&lt;string&gt; }</c>. Words: string, integer, number, boolean, object,
/// any, null, time (ISO 8601); any other word that begins with a capital letter is a type of <see cref="ApiTypes"/>.
/// </summary>
internal ref struct TypeText
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private TypeText(string text) => _text = text;

    /// <summary>The schema of a type.</summary>
    /// <exception cref="FormatException">The text is not well-formed; it is ours, so that is a defect.</exception>
    public static FlowValue Schema(string text)
    {
        var reader = new TypeText(text);
        var schema = reader.Union();
        return reader.Peek() == '\0' ? schema : throw reader.Wrong("the end");
    }

    /// <summary>The members of an object type, in order: name, whether it is required, schema.</summary>
    /// <exception cref="FormatException">As in <see cref="Schema"/>.</exception>
    public static IReadOnlyList<(string Name, bool IsRequired, FlowValue Schema)> Members(string text)
    {
        var reader = new TypeText("{" + text + "}");
        reader.Expect('{');
        return reader.MembersToBrace();
    }

    private FlowValue Union()
    {
        var options = new List<FlowValue> { Postfix() };
        while (TryTake('|'))
            options.Add(Postfix());
        if (options.Count == 1)
            return options[0];
        // Texts to choose from are one enumeration.
        return options.TrueForAll(option => !option.Get("const").IsMissing)
            ? ApiJson.Object(("type", FlowValue.From("string")), ("enum", ApiJson.Array(options.Select(option => option.Get("const")))))
            : ApiJson.Object(("anyOf", ApiJson.Array(options)));
    }

    private FlowValue Postfix()
    {
        var type = Primary();
        while (TryTake('['))
        {
            Expect(']');
            type = ApiJson.Object(("type", FlowValue.From("array")), ("items", type));
        }
        return type;
    }

    private FlowValue Primary()
    {
        switch (Peek())
        {
            case '{':
                _at++;
                return Object(MembersToBrace());
            case '(':
                _at++;
                var inner = Union();
                Expect(')');
                return inner;
            case '"':
                _at++;
                var start = _at;
                while (_text[_at] != '"')
                    _at++;
                return ApiJson.Object(("const", FlowValue.From(_text[start.._at++].ToString())));
        }
        var word = Word();
        switch (word)
        {
            case "any":
                return ApiJson.Object();
            case "time":
                return ApiJson.Object(("type", FlowValue.From("string")), ("format", FlowValue.From("date-time")));
            case "map":
                Expect('<');
                var value = Union();
                Expect('>');
                return ApiJson.Object(("type", FlowValue.From("object")), ("additionalProperties", value));
            case "string" or "integer" or "number" or "boolean" or "object" or "null":
                return ApiJson.Object(("type", FlowValue.From(word)));
            default:
                return char.IsAsciiLetterUpper(word[0])
                    ? ApiJson.Object(("$ref", FlowValue.From("#/components/schemas/" + word)))
                    : throw Wrong("a type");
        }
    }

    private List<(string Name, bool IsRequired, FlowValue Schema)> MembersToBrace()
    {
        var members = new List<(string, bool, FlowValue)>();
        while (!TryTake('}'))
        {
            var name = Word();
            var isRequired = !TryTake('?');
            Expect(':');
            members.Add((name, isRequired, Union()));
            if (!TryTake(',') && Peek() != '}')
                throw Wrong("',' or '}'");
        }
        return members;
    }

    private static FlowValue Object(List<(string Name, bool IsRequired, FlowValue Schema)> members)
    {
        var required = members.Where(member => member.IsRequired).Select(member => member.Name).ToList();
        return ApiJson.Object(
            ("type", FlowValue.From("object")),
            ("properties", ApiJson.Object([.. members.Select(member => (member.Name, member.Schema))])),
            ("required", required.Count == 0 ? FlowValue.Missing : ApiJson.Texts(required))
        );
    }

    private string Word()
    {
        Peek();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$' or '-'))
            _at++;
        return _at > start ? _text[start.._at].ToString() : throw Wrong("a name");
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool TryTake(char expected)
    {
        if (Peek() != expected)
            return false;
        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected))
            throw Wrong($"'{expected}'");
    }

    private readonly FormatException Wrong(string expected) => new($"The type '{_text}' has no {expected} at {_at}.");
}
