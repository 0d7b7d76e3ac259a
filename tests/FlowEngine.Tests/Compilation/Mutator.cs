using FlowEngine.Context;

namespace FlowEngine.Tests.Compilation;

/// <summary>Per case and single-threaded: breaks documents in random ways. The same seed breaks them in the same way.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Words =
    [
        .. Corpus.Flows.Values.SelectMany(Texts).Distinct(StringComparer.Ordinal),
        "",
        " ",
        "\0",
        "id",
        "type",
        "Else",
        "Success",
        "Done",
        "__proto__",
        "constructor",
        "a.b",
        "..",
        "../x",
        "a/b",
        "~1",
        "%2e",
        "{{",
        "}}",
        "{{}}",
        "{{form}}",
        "{{nowhere.x}}",
        "\\{{",
        "{{form.x ?? \"",
        "{{form[0][\"a\"]}}",
        "{{form[999999999999]}}",
        "{{connectors.a.headers.x ?? 'y'}}",
        "env:HOME",
        "file:/nowhere",
        "env:",
        "file:",
        "file:\0",
        "P",
        "PT0S",
        "P9999Y",
        "P366D",
        "-P1D",
        "PT1H",
        "(",
        "a{1000}{1000}",
        "(a|b)*c\\1",
        "(?=a)",
        "[",
        "\\",
        "(((((((((((((((((((((((((",
        "x*******",
        "javascript:alert(1)",
        "data:,",
        "https://example.com#f",
        "http://[",
        "1e999",
        "-1",
        "NaN",
        "null",
        "\ud83d\ude42",
        "\u202e",
        "i\u0307",
        "ﬀ",
        "ключ",
        "custom",
        "automatic",
        "ignore",
        "submit",
    ];

    private static readonly FlowValue[] Numbers =
    [
        .. new[]
        {
            "0",
            "-0",
            "1",
            "-1",
            "1.5",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "1e308",
            "1e309",
            "-1e400",
            "1e-400",
            "0.1000000000000000000000000000001",
            "2147483648",
            "1E+2",
        }.Select(FlowValue.Parse),
    ];

    private readonly Random _random = new(seed);

    public Random Random => _random;

    /// <summary>The document with one to eight mutations.</summary>
    public FlowValue Mutate(FlowValue document)
    {
        var mutations = 1 + _random.Next(_random.Next(2) == 0 ? 2 : 8);
        var result = document;
        for (var i = 0; i < mutations; i++)
            result = At(result, document, 0);
        return result;
    }

    /// <summary>Any JSON at all.</summary>
    public FlowValue Any(int depth = 0)
    {
        switch (_random.Next(depth > 4 ? 5 : 8))
        {
            case 0:
                return FlowValue.Null;
            case 1:
                return FlowValue.From(_random.Next(2) == 0);
            case 2:
                return Pick(Numbers);
            case 3 or 4:
                return FlowValue.From(Text());
            case 5:
                return FlowValue.From(FlowArray.From(Enumerable.Range(0, _random.Next(4)).Select(_ => Any(depth + 1)).ToArray()));
            default:
                var members = new FlowObjectBuilder();
                for (var i = _random.Next(5); i > 0; i--)
                    members.Set(Text(), Any(depth + 1));
                return FlowValue.From(members.Build());
        }
    }

    public string Text()
    {
        switch (_random.Next(12))
        {
            case 0:
                return new string((char)_random.Next(1, 0xD800), _random.Next(1, 4));
            case 1:
                return Pick(Words) + Pick(Words);
            case 2:
                return string.Concat(Enumerable.Repeat(Pick(Words), _random.Next(1, 200)));
            default:
                return Pick(Words);
        }
    }

    public T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    /// <summary>Goes down to a random place and changes it.</summary>
    private FlowValue At(FlowValue value, FlowValue document, int depth)
    {
        var goesDown = depth < 100 && _random.Next(depth < 2 ? 12 : 5) != 0;
        if (goesDown && value.TryGetArray(out var array) && array.Count > 0)
        {
            var items = array.ToList();
            var i = _random.Next(items.Count);
            switch (_random.Next(14))
            {
                case 0:
                    items.RemoveAt(i);
                    break;
                case 1:
                    items.Insert(i, items[_random.Next(items.Count)]);
                    break;
                case 2:
                    items.Insert(i, Any());
                    break;
                case 3:
                    (items[0], items[i]) = (items[i], items[0]);
                    break;
                default:
                    items[i] = At(items[i], document, depth + 1);
                    break;
            }
            return FlowValue.From(FlowArray.From(items));
        }

        if (goesDown && value.TryGetObject(out var obj) && obj.Count > 0)
        {
            var members = obj.ToList();
            var i = _random.Next(members.Count);
            var (name, member) = members[i];
            switch (_random.Next(14))
            {
                case 0:
                    members.RemoveAt(i);
                    break;
                case 1:
                    members[i] = KeyValuePair.Create(Text(), member);
                    break;
                case 2:
                    members.Add(KeyValuePair.Create(Text(), Any()));
                    break;
                case 3:
                    members[i] = KeyValuePair.Create(name, members[_random.Next(members.Count)].Value);
                    break;
                default:
                    members[i] = KeyValuePair.Create(name, At(member, document, depth + 1));
                    break;
            }
            var builder = new FlowObjectBuilder(members.Count);
            foreach (var (key, item) in members)
                builder.Set(key, item);
            return FlowValue.From(builder.Build());
        }
        return Other(value, document);
    }

    private FlowValue Other(FlowValue value, FlowValue document) =>
        _random.Next(9) switch
        {
            0 => Any(),
            1 => FlowValue.From(Text()),
            2 => FlowValue.From(value.ToText() + Pick(Words)),
            3 => Pick(Numbers),
            4 => Somewhere(document),
            5 => Nest(value),
            6 => FlowValue.From(FlowArray.Of(value)),
            7 => FlowValue.From(FlowObject.Empty.With(Text(), value)),
            _ => FlowValue.From(new string('x', _random.Next(20_000))),
        };

    private FlowValue Nest(FlowValue value)
    {
        for (var i = _random.Next(100); i > 0; i--)
            value = _random.Next(2) == 0 ? FlowValue.From(FlowArray.Of(value)) : FlowValue.From(FlowObject.Empty.With("rules", value));
        return value;
    }

    private FlowValue Somewhere(FlowValue value)
    {
        while (_random.Next(4) != 0)
        {
            if (value.TryGetArray(out var array) && array.Count > 0)
                value = Pick(array);
            else if (value.TryGetObject(out var obj) && obj.Count > 0)
                value = obj.Values[_random.Next(obj.Count)];
            else
                break;
        }
        return value;
    }

    private static IEnumerable<string> Texts(FlowValue value)
    {
        if (value.TryGetText(out var text))
            return [text];
        if (value.TryGetArray(out var array))
            return array.SelectMany(Texts);
        return value.TryGetObject(out var obj) ? obj.SelectMany(member => Texts(member.Value).Prepend(member.Key)) : [];
    }
}
