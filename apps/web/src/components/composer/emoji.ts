/**
 * Emoji that people use most, by what they are for. Their names are read out by whoever reads the page out.
 *
 * @module
 */

const split = (text: string): readonly string[] => text.split(' ')

export const emoji = {
  faces: split(
    '😀 😄 😁 😅 😂 🤣 🙂 🙃 😉 😊 😇 🥰 😍 😘 😋 😜 🤪 🤗 🤭 🤔 🤨 😐 😏 🙄 😬 😌 😔 😴 😷 🤒 🤯 🥳 😎 🤓 😕 😟 😮 😳 🥺 😢 😭 😱 😤 😡 🤬 👻 🤖',
  ),
  hands: split('👍 👎 👌 ✌️ 🤞 🤟 👋 🤚 🖐️ ✋ 👏 🙌 🤲 🙏 💪 🤝 👀 👶 🧒 👩 👨 🧓 👪 🚶 💃 🕺 🧘'),
  hearts: split('❤️ 🧡 💛 💚 💙 💜 🤎 🖤 🤍 💔 💕 💞 ✨ 🔥 ⭐ 🌈 💯 ✅ ❌ ❓ ❗ 💡 💤'),
  nature: split('🐶 🐱 🐭 🐰 🦊 🐻 🐼 🐸 🐵 🐔 🐧 🐦 🦉 🐝 🦋 🐢 🐟 🐳 🌱 🌳 🌵 🌸 🌻 🍂 🍄 🌍 🌙 ☀️ ⛅ 🌧️ ❄️'),
  food: split('🍎 🍐 🍋 🍉 🍇 🍓 🍒 🍑 🥑 🍅 🥕 🍞 🥐 🧀 🍳 🍕 🍔 🍟 🌮 🍜 🍚 🍰 🎂 🍪 🍫 ☕ 🍵 🍺 🍷 🥂'),
  doing: split(
    '⚽ 🏀 🎾 🏓 🚴 🏊 ⛷️ 🎸 🎹 🎺 🎨 🎭 🎬 🎮 🎲 📚 📷 🎉 🎁 🎈 🏆 ✈️ 🚂 🚲 🚗 ⛵ 🏕️ 🏠 ⏰ 📅 📎 🔑',
  ),
} as const

export type EmojiGroup = keyof typeof emoji

export const emojiGroups: readonly EmojiGroup[] = Object.keys(emoji) as EmojiGroup[]
