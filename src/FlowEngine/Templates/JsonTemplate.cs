using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Templates;

/// <summary>Shared and immutable: any JSON value in whose texts <c>{{path}}</c>
/// may stand: a request body, claims, inputs, arguments.</summary>
public abstract class JsonTemplate
{
    /// <summary>The template of nothing: evaluates to <see cref="FlowValue.Missing"/>.</summary>
    public static JsonTemplate None { get; } = new LiteralTemplate(FlowValue.Missing);

    /// <summary>Whether there is nothing to evaluate at all.</summary>
    public bool IsNone => this is LiteralTemplate { Value.IsMissing: true };

    /// <summary>The value of a template in which no expression stands; missing for any other.</summary>
    internal FlowValue Literal => this is LiteralTemplate literal ? literal.Value : FlowValue.Missing;

    /// <summary>The value with every expression replaced; a text that is exactly one expression takes the value's type.</summary>
    public abstract FlowValue Evaluate(ReadContext context);

    /// <summary>Parses a JSON value; each problem is reported with its own pointer.</summary>
    public static JsonTemplate Parse(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.TryGetText(out var text))
        {
            var template = Template.Parse(text, at, problems);
            return template.IsLiteral ? new LiteralTemplate(FlowValue.From(template.LiteralText)) : new TextTemplate(template);
        }

        if (json.TryGetArray(out var array))
        {
            var items = new JsonTemplate[array.Count];
            for (var i = 0; i < items.Length; i++)
                items[i] = Parse(array[i], at.At(i), problems);
            return Array.TrueForAll(items, item => item is LiteralTemplate)
                ? new LiteralTemplate(FlowValue.Array(items.Select(item => ((LiteralTemplate)item).Value)))
                : new ArrayTemplate(items);
        }

        if (json.TryGetObject(out var obj))
        {
            var members = new JsonTemplate[obj.Count];
            for (var i = 0; i < members.Length; i++)
                members[i] = Parse(obj.Values[i], at.At(obj.Shape.Names[i]), problems);
            return Array.TrueForAll(members, member => member is LiteralTemplate)
                ? new LiteralTemplate(
                    FlowValue.From(new FlowObject(obj.Shape, Array.ConvertAll(members, member => ((LiteralTemplate)member).Value)))
                )
                : new ObjectTemplate(obj.Shape, members);
        }

        return new LiteralTemplate(json);
    }

    /// <summary>What is known of the value.</summary>
    internal ValueShape Shape() =>
        this switch
        {
            ObjectTemplate template => ValueShape.Object(template.Members.Select(member => (member.Name, member.Template.Shape()))),
            ArrayTemplate => ValueShape.List(ValueShape.Any),
            LiteralTemplate literal => ValueShape.Of(literal.Value),
            _ => ValueShape.Any,
        };

    /// <summary>The members of an object template with their names; empty for anything else.</summary>
    public IEnumerable<string> MemberNames =>
        this switch
        {
            ObjectTemplate template => template.Members.Select(member => member.Name),
            LiteralTemplate literal when literal.Value.TryGetObject(out var obj) => obj.Shape.Names.ToArray(),
            _ => [],
        };

    private sealed class LiteralTemplate(FlowValue value) : JsonTemplate
    {
        public FlowValue Value => value;

        public override FlowValue Evaluate(ReadContext context) => value;
    }

    private sealed class TextTemplate(Template template) : JsonTemplate
    {
        public override FlowValue Evaluate(ReadContext context) => template.Evaluate(context);
    }

    private sealed class ArrayTemplate(JsonTemplate[] items) : JsonTemplate
    {
        public override FlowValue Evaluate(ReadContext context)
        {
            var values = new FlowValue[items.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = items[i].Evaluate(context);
            return FlowValue.From(FlowArray.Own(values, values.Length));
        }
    }

    private sealed class ObjectTemplate(FlowShape shape, JsonTemplate[] members) : JsonTemplate
    {
        public IEnumerable<(string Name, JsonTemplate Template)> Members => members.Select((member, i) => (shape.Names[i], member));

        public override FlowValue Evaluate(ReadContext context)
        {
            var values = new FlowValue[members.Length];
            var missing = 0;
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = members[i].Evaluate(context);
                if (values[i].IsMissing)
                    missing++;
            }
            return FlowValue.From(missing == 0 ? new FlowObject(shape, values) : WithoutMissing(values, missing));
        }

        /// <summary>A member whose path leads nowhere is left out, as JSON
        /// would leave it out: an object never holds a missing value.</summary>
        private FlowObject WithoutMissing(FlowValue[] values, int missing)
        {
            var present = new FlowObjectBuilder(values.Length - missing);
            for (var i = 0; i < values.Length; i++)
            {
                if (!values[i].IsMissing)
                    present.Set(shape.Names[i], values[i]);
            }
            return present.Build();
        }
    }
}
