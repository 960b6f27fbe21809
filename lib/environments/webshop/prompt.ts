/** What a chat model is told before the first observation, and the phrases that pages and replies are made of. */
import type { Prompt } from "../../types";

export const prompt: Prompt = {
  version: "webshop-prompt-1",
  text: `You shop in an online store in text. Every message shows the page you are on: an instruction that says what to buy, then the page's texts, separated by [SEP].

You have two kinds of action:
- search[words] searches the store. Choose the words with care: type of product, attributes, options.
- click[text] clicks something on the page: a product by its id (the code that stands before its title among the results), the value of an option, or one of the buttons Back to Search, < Prev, Next >, Description, Features, Reviews, Buy Now.

On a product's page, click every option value that the instruction asks for. The page does not show which values you have chosen, so remember them. An action that does not fit the page changes nothing. Mind the price limit. Buying ends the task; you are scored by how much of the instruction your purchase meets.

Reply in this form and give one action only:
Thought: what is asked, what this page shows, what comes next
Action: the action`,
};

/** Fixed phrases of the pages and of the expert's replies, without names: the pocket tokenizer makes each one token. */
export const phrases: readonly string[] = [
  "WebShop [SEP] Instruction: [SEP] Find me ",
  "Instruction: [SEP] Find me ",
  " dollars [SEP] Search",
  ", and price lower than ",
  " dollars",
  " dollars [SEP] Back to Search [SEP] Page 1 (Total results: 50) [SEP] Next > [SEP] ",
  " dollars [SEP] Back to Search [SEP] < Prev [SEP] ",
  " dollars [SEP] Back to Search [SEP] ",
  " [SEP] < Prev",
  " [SEP] < Prev [SEP] ",
  " [SEP] Next > [SEP] ",
  " [SEP] Next >",
  "Page 1 (Total results: 50)",
  "Page 2 (Total results: 50)",
  " (Total results: ",
  " [SEP] $",
  " [SEP] Price: $",
  " [SEP] Rating: N.A. [SEP] Description [SEP] Features [SEP] Reviews [SEP] Buy Now",
  " [SEP] color [SEP] ",
  " [SEP] size [SEP] ",
  " [SEP] ",
  "Thought: ",
  "\nAction: ",
  "\nAction: search[",
  "\nAction: click[",
  "Action: search[",
  "Action: click[",
  "\nAction: click[buy now]",
  "\nAction: click[< prev]",
  "\nAction: click[next >]",
  "\nAction: click[features]",
  "\nAction: click[description]",
  "Thought: I search for all that is asked.",
  "Thought: I need ",
  ", price lower than ",
  " looks right for $",
  "None of these is right.",
  "I have ",
  ". I need ",
  "color: ",
  "size: ",
  " with color: ",
  ", and size: ",
  "Nothing else is asked. I buy it.",
  " look alike.",
  " I look for ",
  "The title does not tell all.",
  "The features say ",
  "The features do not say ",
  " is right.",
  " is not right.",
  " is not lower than ",
  "There is no ",
  "This does not help.",
  " and ",
];
