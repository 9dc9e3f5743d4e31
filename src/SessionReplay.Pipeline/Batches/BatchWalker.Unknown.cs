using System.Buffers;
using System.Text.Unicode;
using SessionReplay.Format;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.Pipeline.Batches;

/// <content>Fields that this version does not know, or knows with another type: they are kept, and nothing of them is kept
/// unsanitized.</content>
internal readonly partial struct BatchWalker
{
    private const int MaxUnknownDepth = 8;

    // Texts have none of these; the tags and lengths of a message as a rule do.
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Except([9, 10, 13]).Append(127).Select(b => (byte)b)]);

    private void Unknown(in WireReader reader)
    {
        if (reader.WireType == WireReader.Bytes)
        {
            Unknown(reader.Content, depth: 1);
        }
    }

    // Whether the bytes are a text or a message can only be guessed. What may be both is treated as both.
    private void Unknown(Span<byte> content, int depth)
    {
        var isUtf8 = Utf8.IsValid(content);
        var isPlainText = isUtf8 && !content.ContainsAny(Controls);
        if (isPlainText)
        {
            pass.Text(content);
        }

        if (depth < MaxUnknownDepth && WireReader.IsMessage(content))
        {
            var inner = new WireReader(content);
            while (inner.Read())
            {
                if (inner.WireType == WireReader.Bytes)
                {
                    Unknown(inner.Content, depth + 1);
                }
            }
        }
        else if (isUtf8 && !isPlainText)
        {
            pass.Text(content);
        }
        else if (!isUtf8)
        {
            // It may contain anything.
            pass.Redact(content, BuiltInRule.Field);
        }
    }
}
