using SessionReplay.AspNetCore.Sanitizing;

namespace SessionReplay.AspNetCore.Ingest;

/// <content>The messages that a batch is made of.</content>
internal readonly partial struct BatchWalker
{
    // The texts of a message by the bits of their field numbers; the first four fields are given back, sanitized.
    private Quartet Fields(Span<byte> message, int texts, int json)
    {
        var result = default(Quartet);
        var reader = new WireReader(message);
        while (reader.Read())
        {
            var bit = reader.WireType == WireReader.Bytes && reader.Field < 31 ? 1 << reader.Field : 0;
            if ((texts & bit) != 0)
            {
                Text(reader.Content);
            }
            else if ((json & bit) != 0)
            {
                Json(reader.Content);
            }
            else
            {
                Unknown(reader);
                continue;
            }

            switch (reader.Field)
            {
                case 1:
                    result.First = reader.Content;
                    break;
                case 2:
                    result.Second = reader.Content;
                    break;
                case 3:
                    result.Third = reader.Content;
                    break;
                case 4:
                    result.Fourth = reader.Content;
                    break;
            }
        }

        return result;
    }

    private void Page(Span<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Read())
        {
            if (reader.WireType == WireReader.Bytes && reader.Field is 1 or 2 or 3 or 9 or 10 or 11)
            {
                Text(reader.Content);
            }
            else
            {
                Unknown(reader);
            }

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
            if (reader.WireType != WireReader.Bytes || reader.Field > 3)
            {
                Unknown(reader);
                continue;
            }

            Text(reader.Content);
            if (reader.Field == 1)
            {
                level = reader.Content;
            }
            else if (reader.Field == 2 && args++ == 0)
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
            switch ((reader.Field, reader.WireType))
            {
                case (1 or 2 or 4 or 11 or 12 or 13 or 14, WireReader.Bytes):
                    Text(reader.Content);
                    method = reader.Field == 1 ? reader.Content : method;
                    url = reader.Field == 2 ? reader.Content : url;
                    error = reader.Field == 13 ? reader.Content : error;
                    break;
                case (3, WireReader.Varint):
                    status = (uint)reader.Number;
                    break;
                case (9 or 10, WireReader.Bytes):
                    Header(reader.Content);
                    break;
                default:
                    Unknown(reader);
                    break;
            }
        }

        facts.Network(method, url, status, error);
    }

    private void Header(Span<byte> message)
    {
        var names = new WireReader(message);
        var sensitive = false;
        while (names.Read())
        {
            if (names is { Field: 1, WireType: WireReader.Bytes })
            {
                sensitive = pass.IsHeaderName(names.Content);
            }
        }

        var values = new WireReader(message);
        while (values.Read())
        {
            if (values.WireType != WireReader.Bytes || values.Field > 2)
            {
                Unknown(values);
                continue;
            }

            if (sensitive && values.Field == 2)
            {
                CheckText(values.Content);
                pass.Redact(values.Content, BuiltInRule.Header);
            }
            else
            {
                Text(values.Content);
            }
        }
    }

    private ref struct Quartet
    {
        public Span<byte> First;
        public Span<byte> Second;
        public Span<byte> Third;
        public Span<byte> Fourth;
    }
}
