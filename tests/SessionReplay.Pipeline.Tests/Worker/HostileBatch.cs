using Google.Protobuf;
using Google.Protobuf.Reflection;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Tests.Worker;

/// <summary>Puts a text into every field of a batch that holds one, found by reflection so that none is forgotten.</summary>
internal static class HostileBatch
{
    public static void Fill(EventBatch batch, string text) => FillMessage(batch, text);

    private static void FillMessage(IMessage message, string text)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsMap)
            {
                continue;
            }

            var value = field.Accessor.GetValue(message);
            switch (field.FieldType)
            {
                case FieldType.String when field.IsRepeated:
                    ((IList<string>)value).Add(text);
                    break;
                case FieldType.String when field.RealContainingOneof is null || field.Accessor.HasValue(message):
                    field.Accessor.SetValue(message, Level(field.Name) ?? text);
                    break;
                case FieldType.Message when field.IsRepeated:
                    foreach (var item in (System.Collections.IEnumerable)value)
                    {
                        FillMessage((IMessage)item, text);
                    }

                    break;
                case FieldType.Message when value is IMessage inner:
                    FillMessage(inner, text);
                    break;
            }
        }
    }

    /// <summary>Values on which it depends whether ingest looks at the other fields.</summary>
    private static string? Level(string field) => field switch { "level" => "error", "rating" => "poor", _ => null };
}
