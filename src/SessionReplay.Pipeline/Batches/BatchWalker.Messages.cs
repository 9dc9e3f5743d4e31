using SessionReplay.Format;
using SessionReplay.Pipeline.Sanitizing;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Batches;

/// <content>The messages that a batch is made of.</content>
internal readonly partial struct BatchWalker
{
    /// <summary>Sanitizes the field that a reader stands on.</summary>
    /// <returns>What the field is.</returns>
    private FieldPolicy Sanitize(in WireReader reader, MessagePolicy policy)
    {
        var field = policy.Of(reader);
        switch (field)
        {
            case FieldPolicy.Text:
                Text(reader.Content);
                break;
            case FieldPolicy.Json:
                Json(reader.Content);
                break;
            case FieldPolicy.Header:
                Header(reader.Content);
                break;
            default:
                Unknown(reader);
                break;
        }

        return field;
    }

    /// <summary>Sanitizes a message and returns its first four fields. Where a field occurs more than once, the last counts.</summary>
    private FirstFields Fields(Span<byte> message, MessagePolicy policy)
    {
        var result = default(FirstFields);
        var reader = new WireReader(message);
        while (reader.Read())
        {
            if (Sanitize(reader, policy) != FieldPolicy.Unknown)
            {
                result.Set(reader.Field, reader.Content);
            }
        }

        return result;
    }

    private void Page(Span<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Read())
        {
            Sanitize(reader, BatchPolicies.Page);
            facts.Page(reader.Field, reader.WireType, reader.Content, reader.Number);
        }
    }

    private void Console(Span<byte> message)
    {
        var reader = new WireReader(message);
        Span<byte> level = [];
        Span<byte> first = [];
        var args = 0;
        while (reader.Read())
        {
            Sanitize(reader, BatchPolicies.Console);
            if (reader is { Field: ConsoleEvent.LevelFieldNumber, WireType: WireReader.Bytes })
            {
                level = reader.Content;
            }
            else if (reader is { Field: ConsoleEvent.ArgsFieldNumber, WireType: WireReader.Bytes } && args++ == 0)
            {
                first = reader.Content;
            }
        }

        facts.Console(level, first);
    }

    private void Network(Span<byte> message)
    {
        var reader = new WireReader(message);
        Span<byte> method = [];
        Span<byte> url = [];
        Span<byte> error = [];
        uint status = 0;
        while (reader.Read())
        {
            Sanitize(reader, BatchPolicies.Network);
            switch ((reader.Field, reader.WireType))
            {
                case (NetworkEvent.MethodFieldNumber, WireReader.Bytes):
                    method = reader.Content;
                    break;
                case (NetworkEvent.UrlFieldNumber, WireReader.Bytes):
                    url = reader.Content;
                    break;
                case (NetworkEvent.ErrorFieldNumber, WireReader.Bytes):
                    error = reader.Content;
                    break;
                case (NetworkEvent.StatusFieldNumber, WireReader.Varint):
                    status = (uint)reader.Number;
                    break;
            }
        }

        facts.Network(method, url, status, error);
    }

    private void Navigation(Span<byte> message)
    {
        var navigation = Fields(message, BatchPolicies.Navigation);
        facts.Navigation(navigation[NavigationEvent.UrlFieldNumber], navigation[NavigationEvent.TitleFieldNumber]);
    }

    private void Error(Span<byte> message)
    {
        var error = Fields(message, BatchPolicies.Error);
        facts.Error(error[ErrorEvent.MessageFieldNumber], error[ErrorEvent.NameFieldNumber]);
    }

    private void Performance(Span<byte> message)
    {
        var performance = Fields(message, BatchPolicies.Performance);
        facts.Performance(performance[PerformanceEvent.NameFieldNumber], performance[PerformanceEvent.RatingFieldNumber]);
    }

    private void Identify(Span<byte> message)
    {
        var user = Fields(message, BatchPolicies.Identify);
        facts.Identify(
            user[IdentifyEvent.UserIdFieldNumber], user[IdentifyEvent.EmailFieldNumber], user[IdentifyEvent.NameFieldNumber],
            user[IdentifyEvent.TraitsJsonFieldNumber]);
    }

    private void Interaction(Span<byte> message)
    {
        var interaction = Fields(message, BatchPolicies.Interaction);
        facts.Interaction(
            interaction[InteractionEvent.TypeFieldNumber], interaction[InteractionEvent.TargetFieldNumber],
            interaction[InteractionEvent.TextFieldNumber]);
    }

    private void Server(Span<byte> message)
    {
        var server = Fields(message, BatchPolicies.Server);
        facts.Server(server[ServerEvent.TypeFieldNumber], server[ServerEvent.MessageFieldNumber]);
    }

    private void Header(Span<byte> message)
    {
        var names = new WireReader(message);
        var sensitive = false;
        while (names.Read())
        {
            if (names is { Field: Wire.Header.NameFieldNumber, WireType: WireReader.Bytes })
            {
                sensitive = pass.IsHeaderName(names.Content);
            }
        }

        var values = new WireReader(message);
        while (values.Read())
        {
            if (sensitive && values is { Field: Wire.Header.ValueFieldNumber, WireType: WireReader.Bytes })
            {
                CheckText(values.Content);
                pass.Redact(values.Content, BuiltInRule.Header);
            }
            else
            {
                Sanitize(values, BatchPolicies.Header);
            }
        }
    }

    private ref struct FirstFields
    {
        private Span<byte> _first;
        private Span<byte> _second;
        private Span<byte> _third;
        private Span<byte> _fourth;

        public readonly Span<byte> this[int field] => field switch { 1 => _first, 2 => _second, 3 => _third, 4 => _fourth, _ => default };

        public void Set(int field, Span<byte> content)
        {
            switch (field)
            {
                case 1:
                    _first = content;
                    break;
                case 2:
                    _second = content;
                    break;
                case 3:
                    _third = content;
                    break;
                case 4:
                    _fourth = content;
                    break;
            }
        }
    }
}
